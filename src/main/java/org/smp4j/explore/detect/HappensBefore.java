package org.smp4j.explore.detect;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/**
 * What is ordered before what in the Java memory model, by vector clocks; finds the plain accesses that are ordered by
 * nothing. While it looks, those races decide which plain fields are worth a decision: where all accesses to a plain
 * field are ordered, switching at them shows nothing that switching at the accesses which order them does not.
 */
public final class HappensBefore {
    /** Two plain accesses to the same thing, one of them a write, neither ordered before the other. */
    public record Race(String what, int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        @Override
        public String toString() {
            return what + ": " + (firstWrites ? "written" : "read") + " at " + Sites.get(firstSite).place() + " and "
                    + (secondWrites ? "written" : "read") + " at " + Sites.get(secondSite).place()
                    + " with nothing that orders them";
        }
    }

    // Kinds of accesses, by bits.
    private static final int WRITES = 1;
    private static final int PLAIN = 2;
    static final int KINDS = 4;

    /** What comes before the next step of a strand. */
    private static final class Past {
        // By strand: how many of its releases.
        private int[] time;
        // What the strand had done at its last release fence; null if it has made none.
        private int[] fenced;
        // What an acquire fence would make known to it; null if nothing.
        private int[] unfenced;
    }

    private final Past[] pasts = new Past[Run.MAX_STRANDS];
    private AccessHistory[] histories = new AccessHistory[256];
    private int count;
    private int run;
    private final Map<Integer, Race> races = new LinkedHashMap<>();
    // Whether races are what is asked for, wherever they are.
    public final boolean asked;

    public HappensBefore(boolean asked) {
        this.asked = asked;
    }

    /** A run begins: if races are what is asked for, they are its own. */
    public void begin() {
        run++;
        count = 0;
        if (asked) {
            races.clear();
        }
    }

    /** {@return the races by field, the first of each} */
    public Map<Integer, Race> races() {
        return races;
    }

    // By kind of access, with which kinds of others it races unless they are ordered: one of the two is plain, and one
    // writes.
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

    public void started(Strand parent, Strand child) {
        if (pasts[child.id] == null) {
            pasts[child.id] = new Past();
        }
        count = Math.max(count, child.id + 1);
        Past past = pasts[child.id];
        past.time = sized(past.time, child.id);
        Arrays.fill(past.time, 0);
        if (parent != null) {
            join(past, pasts[parent.id].time);
            tick(parent.id);
        }
        tick(child.id);
        past.fenced = null;
        past.unfenced = null;
    }

    /** All that was done comes before what a strand does from here on that waited until no other could step. */
    public void joinAll(Strand strand) {
        joinAll(pasts[strand.id]);
    }

    private void joinAll(Past past) {
        for (int id = 0; id < count; id++) {
            join(past, pasts[id].time);
        }
    }

    /** All that any strand has done comes before what any strand does from here on. */
    public void meet() {
        joinAll(pasts[0]);
        for (int id = 0; id < count; id++) {
            join(pasts[id], pasts[0].time);
            tick(id);
        }
    }

    /** What the strand has done comes before what is done where this is {@link #sees seen}. */
    public void publish(Strand strand, Location location) {
        release(strand.id, of(location), true);
    }

    public void sees(Strand strand, Location location) {
        AccessHistory history = of(location);
        if (history.isReleased) {
            join(pasts[strand.id], history.released);
        }
    }

    public void access(Strand strand, Location location, int mode, int site) {
        AccessHistory history = of(location);
        Past past = pasts[strand.id];
        if ((mode & Access.ACQUIRE) != 0 && history.isReleased) {
            join(past, history.released);
        } else if ((mode & (Access.READ | Access.PLAIN)) == Access.READ && history.isReleased) {
            past.unfenced = sized(past.unfenced, history.released.length - 1);
            max(past.unfenced, history.released);
        }
        conflicts(strand.id, history, mode, site);
        if ((mode & Access.RELEASE) != 0 && (mode & Access.CONDITIONAL) == 0) {
            release(strand.id, history, (mode & Access.READ) != 0);
        } else if ((mode & (Access.WRITE | Access.CONDITIONAL | Access.PLAIN)) == Access.WRITE) {
            releaseByFence(past, history, (mode & Access.READ) != 0);
        }
    }

    /** Orders the accesses around it by what others read and write that is neither plain nor ordered itself. */
    public void fence(Strand strand, int mode) {
        Past past = pasts[strand.id];
        if ((mode & Access.ACQUIRE) != 0 && past.unfenced != null) {
            join(past, past.unfenced);
        }
        if ((mode & Access.RELEASE) != 0) {
            past.fenced = past.time.clone();
            tick(strand.id);
        }
    }

    private static void releaseByFence(Past past, AccessHistory history, boolean alsoEarlier) {
        history.isReleased &= alsoEarlier;
        if (past.fenced != null) {
            int[] released = sized(history.released, past.fenced.length - 1);
            if (!history.isReleased) {
                Arrays.fill(released, 0);
            }
            max(released, past.fenced);
            history.released = released;
            history.isReleased = true;
        }
    }

    public void exchanged(Strand strand, Location location, int mode, boolean success) {
        if (success && (mode & Access.RELEASE) != 0) {
            release(strand.id, of(location), true);
        } else if (success) {
            releaseByFence(pasts[strand.id], of(location), true);
        }
    }

    private void release(int strand, AccessHistory history, boolean alsoEarlier) {
        int[] own = pasts[strand].time;
        int[] released = sized(history.released, own.length - 1);
        history.released = released;
        if (alsoEarlier && history.isReleased) {
            max(released, own);
        } else {
            System.arraycopy(own, 0, released, 0, own.length);
            Arrays.fill(released, own.length, released.length, 0);
        }
        history.isReleased = true;
        tick(strand);
    }

    private AccessHistory of(Location location) {
        int id = location.id();
        if (id >= histories.length) {
            histories = Arrays.copyOf(histories, Math.max(id + 1, 2 * histories.length));
        }
        AccessHistory history = histories[id];
        if (history == null) {
            history = new AccessHistory();
            histories[id] = history;
        }
        if (history.run != run) {
            history.begin(run);
        }
        return history;
    }

    /** Looks for accesses that others made here before and nothing orders; then takes note of this one. */
    private void conflicts(int strand, AccessHistory history, int mode, int site) {
        int kind = ((mode & Access.PLAIN) != 0 ? PLAIN : 0)
                | ((mode & (Access.WRITE | Access.CONDITIONAL)) != 0 ? WRITES : 0);
        int[] clock = pasts[strand].time;
        if (history.isOnly(strand)) {
            history.noteOnly(strand, kind, clock[strand], site);
            return;
        }
        history.share();
        if (history.has(kind, strand, clock[strand])) {
            return; // nothing was released since: a strand that came in between has looked at that mark
        }
        for (int left = history.marked & CONFLICTS[kind]; left != 0; left &= left - 1) {
            int earlier = Integer.numberOfTrailingZeros(left);
            AccessHistory.Marks marks = history.marks[earlier];
            for (long others = marks.strands & ~(1L << strand); others != 0; others &= others - 1) {
                int other = Long.numberOfTrailingZeros(others);
                if (marks.times[other] > at(clock, other)) {
                    race(marks.sites[other], (earlier & WRITES) != 0, site, (kind & WRITES) != 0);
                }
            }
        }
        history.note(kind, strand, clock[strand], site);
    }

    private void race(int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        int field = Sites.fieldOf((Sites.modeOf(firstSite) & Access.PLAIN) != 0 ? firstSite : secondSite);
        races.computeIfAbsent(field,
                f -> new Race(Sites.fieldName(f), firstSite, firstWrites, secondSite, secondWrites));
        Sites.share(field);
    }

    private void tick(int strand) {
        pasts[strand].time[strand]++;
    }

    private static void join(Past past, int[] other) {
        past.time = sized(past.time, other.length - 1);
        max(past.time, other);
    }

    private static void max(int[] into, int[] other) {
        for (int i = 0; i < other.length; i++) {
            into[i] = Math.max(into[i], other[i]);
        }
    }

    private static int at(int[] clock, int id) {
        return id < clock.length ? clock[id] : 0;
    }

    /**
     * {@return an array with room for a strand; sizes are powers of two, so that clocks which grow by each other come
     * to an end}
     */
    static int[] sized(int[] clock, int id) {
        if (clock != null && id < clock.length) {
            return clock;
        }
        int size = Math.max(8, Integer.highestOneBit(id) << 1);
        return clock == null ? new int[size] : Arrays.copyOf(clock, size);
    }
}
