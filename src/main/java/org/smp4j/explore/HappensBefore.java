package org.smp4j.explore;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is ordered before what in the Java memory model, by vector clocks; finds the plain accesses that are ordered by nothing. While it looks, those races
 * decide which plain fields are worth a decision: where all accesses to a plain field are ordered, switching at them shows nothing that switching at the
 * accesses which order them does not.
 */
final class HappensBefore {
    /** Two plain accesses to the same thing, one of them a write, neither ordered before the other. */
    record Race(String what, int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        @Override
        public String toString() {
            return what + ": " + (firstWrites ? "written" : "read") + " at " + Sites.get(firstSite).place() + " and "
                    + (secondWrites ? "written" : "read") + " at " + Sites.get(secondSite).place() + " with nothing that orders them";
        }
    }

    // Kinds of accesses, by bits.
    private static final int WRITES = 1;
    private static final int PLAIN = 2;
    private static final int KINDS = 4;
    private static final int SHARED = -1;

    private final Map<Integer, Race> races = new LinkedHashMap<>();
    // Whether races are what is asked for, wherever they are.
    final boolean asked;

    HappensBefore(boolean asked) {
        this.asked = asked;
    }

    /** A run begins: if races are what is asked for, they are its own. */
    void begin() {
        if (asked) {
            races.clear();
        }
    }

    /** {@return the races by field, the first of each} */
    Map<Integer, Race> races() {
        return races;
    }

    // By kind of access, with which kinds of others it races unless they are ordered: one of the two is plain, and one writes.
    private static final int[] CONFLICTS = new int[KINDS];

    static {
        for (int kind = 0; kind < KINDS; kind++) {
            for (int other = 0; other < KINDS; other++) {
                if (((kind | other) & PLAIN) != 0 && ((kind | other) & WRITES) != 0) {
                    CONFLICTS[kind] |= 1 << other;
                }
            }
        }
    }

    void started(Strand parent, Strand child) {
        child.clock = sized(child.clock, child.id);
        Arrays.fill(child.clock, 0);
        if (parent != null) {
            join(child, parent.clock);
            tick(parent);
        }
        tick(child);
        child.fenced = null;
        child.unfenced = null;
    }

    /** All that was done comes before what is done from here on by one who waited until nobody could do anything more. */
    void joinAll(Strand strand) {
        for (Strand other : strand.execution.strands()) {
            join(strand, other.clock);
        }
    }

    /** All that anybody has done comes before what anybody does from here on. */
    void meet(Execution x) {
        Strand[] strands = x.strands();
        joinAll(strands[0]);
        for (Strand strand : strands) {
            join(strand, strands[0].clock);
            tick(strand);
        }
    }

    /** What the strand has done comes before what is done where this is {@link #sees seen}. */
    void publish(Strand strand, Location location) {
        release(strand, location, true);
    }

    void sees(Strand strand, Location location) {
        if (location.isReleased) {
            join(strand, location.released);
        }
    }

    void access(Strand strand, Location location, int mode, int site) {
        if ((mode & Access.ACQUIRE) != 0 && location.isReleased) {
            join(strand, location.released);
        } else if ((mode & (Access.READ | Access.PLAIN)) == Access.READ && location.isReleased) {
            strand.unfenced = sized(strand.unfenced, location.released.length - 1);
            max(strand.unfenced, location.released);
        }
        conflicts(strand, location, mode, site);
        if ((mode & Access.RELEASE) != 0 && (mode & Access.CONDITIONAL) == 0) {
            release(strand, location, (mode & Access.READ) != 0);
        } else if ((mode & (Access.WRITE | Access.CONDITIONAL | Access.PLAIN)) == Access.WRITE) {
            releaseByFence(strand, location, (mode & Access.READ) != 0);
        }
    }

    /** Orders the accesses around it by what others read and write that is neither plain nor ordered itself. */
    void fence(Strand strand, int mode) {
        if ((mode & Access.ACQUIRE) != 0 && strand.unfenced != null) {
            join(strand, strand.unfenced);
        }
        if ((mode & Access.RELEASE) != 0) {
            strand.fenced = strand.clock.clone();
            tick(strand);
        }
    }

    private static void releaseByFence(Strand strand, Location location, boolean alsoEarlier) {
        location.isReleased &= alsoEarlier;
        if (strand.fenced != null) {
            int[] released = sized(location.released, strand.fenced.length - 1);
            if (!location.isReleased) {
                Arrays.fill(released, 0);
            }
            max(released, strand.fenced);
            location.released = released;
            location.isReleased = true;
        }
    }

    void exchanged(Strand strand, Location location, int mode, boolean success) {
        if (success && (mode & Access.RELEASE) != 0) {
            release(strand, location, true);
        } else if (success) {
            releaseByFence(strand, location, true);
        }
    }

    private void release(Strand strand, Location location, boolean alsoEarlier) {
        int[] own = strand.clock;
        int[] released = sized(location.released, own.length - 1);
        location.released = released;
        if (alsoEarlier && location.isReleased) {
            max(released, own);
        } else {
            System.arraycopy(own, 0, released, 0, own.length);
            Arrays.fill(released, own.length, released.length, 0);
        }
        location.isReleased = true;
        tick(strand);
    }

    /** Races with what others did here before and nothing orders; then takes note of it. */
    private void conflicts(Strand strand, Location location, int mode, int site) {
        int kind = ((mode & Access.PLAIN) != 0 ? PLAIN : 0) | ((mode & (Access.WRITE | Access.CONDITIONAL)) != 0 ? WRITES : 0);
        if (location.sole == strand.id || location.marked == 0) {
            location.sole = strand.id;
            location.marked |= 1 << kind;
            if (location.own == null) {
                location.own = new int[2 * KINDS];
            }
            location.own[kind] = strand.clock[strand.id];
            location.own[KINDS + kind] = site;
            return;
        }
        if (location.sole != SHARED) {
            share(location, strand.execution.strands[location.sole]);
        }
        Marks own = (location.marked & 1 << kind) == 0 ? null : location.marks[kind];
        if (own != null && own.isOf(strand)) {
            return; // nothing has been released since: whoever came in between has looked at that mark
        }
        for (int left = location.marked & CONFLICTS[kind]; left != 0; left &= left - 1) {
            int earlier = Integer.numberOfTrailingZeros(left);
            Marks marks = location.marks[earlier];
            for (long others = marks.strands & ~strand.bit; others != 0; others &= others - 1) {
                int other = Long.numberOfTrailingZeros(others);
                if (marks.times[other] > at(strand.clock, other)) {
                    race(marks.sites[other], (earlier & WRITES) != 0, site, (kind & WRITES) != 0);
                }
            }
        }
        note(location, kind, strand, strand.clock[strand.id], site);
    }

    /** A second strand has come: from here on there are marks. */
    private static void share(Location location, Strand first) {
        int kinds = location.marked;
        location.sole = SHARED;
        location.marked = 0;
        for (int kind = 0; kind < KINDS; kind++) {
            if ((kinds & 1 << kind) != 0) {
                note(location, kind, first, location.own[kind], location.own[KINDS + kind]);
            }
        }
    }

    private static void note(Location location, int kind, Strand strand, int time, int site) {
        if (location.marks == null) {
            location.marks = new Marks[KINDS];
        }
        if (location.marks[kind] == null) {
            location.marks[kind] = new Marks();
        }
        location.marks[kind].note(strand, time, site, (location.marked & 1 << kind) == 0);
        location.marked |= 1 << kind;
    }

    /** When each strand last made accesses of one kind to a location, and where. */
    static final class Marks {
        // Who did in this schedule; of others nothing below counts.
        private long strands;
        private int[] times = new int[8];
        private int[] sites = new int[8];

        /** Whether the strand has made such an access at its present time. */
        private boolean isOf(Strand strand) {
            return (strands & strand.bit) != 0 && times[strand.id] == strand.clock[strand.id];
        }

        private void note(Strand strand, int time, int site, boolean first) {
            int id = strand.id;
            if (id >= times.length) {
                times = sized(times, id);
                sites = sized(sites, id);
            }
            strands = first ? strand.bit : strands | strand.bit;
            times[id] = time;
            sites[id] = site;
        }
    }

    private void race(int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        int field = Sites.fieldOf((Sites.modeOf(firstSite) & Access.PLAIN) != 0 ? firstSite : secondSite);
        races.computeIfAbsent(field, f -> new Race(Sites.fieldName(f), firstSite, firstWrites, secondSite, secondWrites));
        Sites.share(field);
    }

    private static void tick(Strand strand) {
        strand.clock[strand.id]++;
    }

    private static void join(Strand strand, int[] other) {
        strand.clock = sized(strand.clock, other.length - 1);
        max(strand.clock, other);
    }

    private static void max(int[] into, int[] other) {
        for (int i = 0; i < other.length; i++) {
            into[i] = Math.max(into[i], other[i]);
        }
    }

    private static int at(int[] clock, int id) {
        return id < clock.length ? clock[id] : 0;
    }

    /** {@return an array with room for a strand; sizes are powers of two, so that clocks which grow by each other come to an end} */
    private static int[] sized(int[] clock, int id) {
        if (clock != null && id < clock.length) {
            return clock;
        }
        int size = Math.max(8, Integer.highestOneBit(id) << 1);
        return clock == null ? new int[size] : Arrays.copyOf(clock, size);
    }
}
