package org.smp4j.explore.detect;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Strand;

/**
 * Tracks the happens-before order of the Java memory model with vector clocks, and finds data races: conflicting plain
 * accesses without an order. While it is on, races decide which plain fields need scheduling decisions. Where all
 * accesses to a plain field are ordered, a switch there shows nothing that a switch at the ordering accesses does not
 * show.
 */
public final class HappensBefore {
    /** Two accesses to the same location, one of them a write and one plain, neither ordered before the other. */
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

    /** All that happens before the next step of a strand. */
    private static final class Past {
        // By strand: the number of its releases that happen before.
        private int[] time;
        // The clock at the strand's last release fence; null if it has made none.
        private int[] fenced;
        // The clock that an acquire fence would join; null if none.
        private int[] unfenced;
    }

    private Past[] pasts = new Past[8];
    private AccessHistory[] histories = new AccessHistory[256];
    private int count;
    private int run;
    private final Map<Integer, Race> races = new LinkedHashMap<>();
    // Whether an access has missed newer values, and so was given less ordering than it has.
    private boolean unsure;
    // Whether the user asks for data races themselves, at any field.
    public final boolean asked;

    /** Makes one; {@code asked} tells whether the user asks for data races themselves. */
    public HappensBefore(boolean asked) {
        this.asked = asked;
    }

    /** A run begins: where the user asks for data races, it starts with none. */
    public void begin() {
        run++;
        unsure = false;
        count = 0;
        if (asked) {
            races.clear();
        }
    }

    /** {@return the first race at each field, by the field's number} */
    public Map<Integer, Race> races() {
        return races;
    }

    // By kind of access, the kinds that it races with unless they are ordered: one of the two is plain, and one writes.
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

    /** A strand starts: all that its parent has done happens before it. */
    public void started(Strand parent, Strand child) {
        if (child.id >= pasts.length) {
            pasts = Arrays.copyOf(pasts, Integer.highestOneBit(child.id) << 1);
        }
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

    /** A strand has waited until no other strand could step: all steps so far happen before its next one. */
    public void joinAll(Strand strand) {
        joinAll(pasts[strand.id]);
    }

    private void joinAll(Past past) {
        for (int id = 0; id < count; id++) {
            join(past, pasts[id].time);
        }
    }

    /** All steps so far happen before every later step, of any strand. */
    public void meet() {
        joinAll(pasts[0]);
        for (int id = 0; id < count; id++) {
            join(pasts[id], pasts[0].time);
            tick(id);
        }
    }

    /**
     * The strand releases at a location: its steps happen before those of a strand that {@link #sees} the location
     * later.
     */
    public void publish(Strand strand, Location location) {
        release(strand.id, of(location), true);
    }

    /**
     * The strand acquires at a location: what others have {@link #publish published} there happens before its next
     * step.
     */
    public void sees(Strand strand, Location location) {
        AccessHistory history = of(location);
        if (history.isReleased) {
            join(pasts[strand.id], history.released);
        }
    }

    /**
     * As without {@code misses}. If the access has missed newer values, it is ordered by none of them: fields at which
     * the rest of the run seems to race are looked at in further runs, but not said to race.
     */
    public void access(Strand strand, Location location, int mode, int site, boolean misses) {
        unsure |= misses;
        access(strand, location, misses ? mode & ~(Access.ACQUIRE | Access.RELEASE) : mode, site);
    }

    /** Notes an access of a strand: it acquires or releases as the mode says, and may race. */
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

    /** A fence: it orders the strand's accesses by way of the opaque accesses before and after it. */
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

    /** Tells whether the strand's last compare-and-set wrote. */
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

    /**
     * Looks for earlier conflicting accesses of other strands that are not ordered before this one, and then notes this
     * one.
     */
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
            return; // no release since that mark: a strand in between has compared itself with it
        }
        for (int left = history.marked & CONFLICTS[kind]; left != 0; left &= left - 1) {
            int earlier = Integer.numberOfTrailingZeros(left);
            AccessHistory.Marks marks = history.marks[earlier];
            for (int other = marks.next(0); other >= 0; other = marks.next(other + 1)) {
                if (other != strand && marks.times[other] > at(clock, other)) {
                    race(marks.sites[other], (earlier & WRITES) != 0, site, (kind & WRITES) != 0);
                }
            }
        }
        history.note(kind, strand, clock[strand], site);
    }

    private void race(int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        boolean isFirstPlain = (Sites.modeOf(firstSite) & Access.PLAIN) != 0;
        int field = Sites.fieldOf(isFirstPlain ? firstSite : secondSite);
        boolean meant = (Sites.modeOf(firstSite) & Sites.modeOf(secondSite) & Access.JDK) != 0;
        if (!unsure && !meant) {
            races.computeIfAbsent(field,
                    f -> new Race(Sites.fieldName(f), firstSite, firstWrites, secondSite, secondWrites));
        }
        Sites.share(field);
        if (isFirstPlain && (Sites.modeOf(secondSite) & Access.PLAIN) != 0) {
            Sites.share(Sites.fieldOf(secondSite)); // another one, if calls name different types of one object
        }
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
     * {@return an array with room for a strand; sizes are powers of two, so that clocks which take each other's length
     * stop growing}
     */
    static int[] sized(int[] clock, int id) {
        if (clock != null && id < clock.length) {
            return clock;
        }
        int size = Math.max(8, Integer.highestOneBit(id) << 1);
        return clock == null ? new int[size] : Arrays.copyOf(clock, size);
    }
}
