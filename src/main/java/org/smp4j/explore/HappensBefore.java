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

    private final Map<Integer, Race> races = new LinkedHashMap<>();
    /** {@return the races by field, the first of each} */
    Map<Integer, Race> races() {
        return races;
    }

    void started(Strand parent, Strand child) {
        child.clock = parent == null || parent.clock == null ? new int[8] : sized(parent.clock.clone(), child.id);
        tick(child);
        if (parent != null) {
            tick(parent);
        }
    }

    /** All that was done comes before what is done from here on by one who waited until nobody could do anything more. */
    void joinAll(Strand strand) {
        for (Strand other : strand.execution.strands()) {
            join(strand, other.clock);
        }
    }

    void access(Strand strand, Location location, int mode, int site) {
        if ((mode & Access.ACQUIRE) != 0 && location.released != null) {
            join(strand, location.released);
        }
        conflicts(strand, location, mode, site);
        if ((mode & Access.RELEASE) != 0 && (mode & Access.CONDITIONAL) == 0) {
            release(strand, location, (mode & Access.READ) != 0);
        } else if ((mode & (Access.WRITE | Access.CONDITIONAL | Access.PLAIN)) == Access.WRITE) {
            location.released = null;
        }
    }

    void exchanged(Strand strand, Location location, int mode, boolean success) {
        if (success && (mode & Access.RELEASE) != 0) {
            release(strand, location, true);
        }
    }

    private void release(Strand strand, Location location, boolean alsoEarlier) {
        int[] own = strand.clock.clone();
        if (alsoEarlier && location.released != null) {
            own = max(own, location.released);
        }
        location.released = own;
        tick(strand);
    }

    /** Races with what others did here before and nothing orders, if one of the two is plain and one writes; then takes note of it. */
    private void conflicts(Strand strand, Location location, int mode, int site) {
        boolean plain = (mode & Access.PLAIN) != 0;
        boolean writes = (mode & (Access.WRITE | Access.CONDITIONAL)) != 0;
        for (Marks marks = location.marks; marks != null; marks = marks.next) {
            if ((plain || marks.plain) && (writes || marks.writes)) {
                for (int other = 0; other < marks.times.length; other++) {
                    if (other != strand.id && marks.times[other] > at(strand.clock, other)) {
                        race(marks.sites[other], marks.writes, site, writes);
                    }
                }
            }
        }
        marksOf(location, plain, writes).note(strand, site);
    }

    private static Marks marksOf(Location location, boolean plain, boolean writes) {
        for (Marks marks = location.marks; marks != null; marks = marks.next) {
            if (marks.plain == plain && marks.writes == writes) {
                return marks;
            }
        }
        location.marks = new Marks(plain, writes, location.marks);
        return location.marks;
    }

    /** When each strand last made accesses of one kind to a location, and where. */
    static final class Marks {
        private final boolean plain;
        private final boolean writes;
        private final Marks next;
        private int[] times = new int[8];
        private int[] sites = new int[8];

        private Marks(boolean plain, boolean writes, Marks next) {
            this.plain = plain;
            this.writes = writes;
            this.next = next;
        }

        private void note(Strand strand, int site) {
            times = sized(times, strand.id);
            sites = sized(sites, strand.id);
            times[strand.id] = at(strand.clock, strand.id);
            sites[strand.id] = site;
        }
    }

    private void race(int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        int field = Sites.fieldOf((Sites.modeOf(firstSite) & Access.PLAIN) != 0 ? firstSite : secondSite);
        races.computeIfAbsent(field, f -> new Race(Sites.fieldName(f), firstSite, firstWrites, secondSite, secondWrites));
        Sites.share(field);
    }

    private static void tick(Strand strand) {
        strand.clock = sized(strand.clock, strand.id);
        strand.clock[strand.id]++;
    }

    private static void join(Strand strand, int[] other) {
        if (other != null) {
            strand.clock = max(strand.clock, other);
        }
    }

    private static int[] max(int[] a, int[] b) {
        int[] result = a.length >= b.length ? a : Arrays.copyOf(a, b.length);
        for (int i = 0; i < b.length; i++) {
            result[i] = Math.max(result[i], b[i]);
        }
        return result;
    }

    private static int at(int[] clock, int id) {
        return id < clock.length ? clock[id] : 0;
    }

    private static int[] sized(int[] clock, int id) {
        return id < clock.length ? clock : Arrays.copyOf(clock, Math.max(id + 1, 2 * clock.length));
    }
}
