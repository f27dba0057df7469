package org.smp4j.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Every schedule, but of those that differ only in the order of independent steps one: dynamic partial-order reduction with sleep sets. Two steps depend on
 * each other if they are of one strand, if they reach the same location and one of them writes, if one lets the other go on, or if one ends a run that the other,
 * of a daemon, does not come to any more.
 *
 * <p>Without the dynamic part, which tries another order only where two steps raced, sleep sets alone remain: slower, and a check of it, since both must come
 * to the same number of executions.
 */
final class PartialOrderSearch extends Strategy implements Observer {
    private static final int NONE = -1;

    /** What is known before one step of the current path. */
    private static final class State {
        long enabled;
        // Who is to be tried here, who was, and who need not be: it was tried before, and nothing since depended on its step.
        long backtrack;
        long done;
        long sleep;
        int chosen;
        // The scenario's own choices, made with the step: how many alternatives each has, and which is tried.
        int[] alternatives = new int[2];
        int[] tried = new int[2];
        int choices;
    }

    /** One step of the current path. */
    private static final class Event {
        int strand;
        Location location;
        boolean writes;
        boolean unlocks;
        final Location[] others = new Location[Strand.MOST_OTHERS];
        int otherCount;
        int otherWrites;
        boolean everything;
        // Whether the run may end with it, and whether it is of a strand for which that does not wait.
        boolean ends;
        boolean daemon;
        // By strand: how many steps of the path happen before this one at least, up to the strand's last of them.
        final int[] clock = new int[Execution.MAX_STRANDS];

        void is(Strand of) {
            strand = of.id;
            location = of.location;
            writes = PartialOrderSearch.writes(of);
            unlocks = (of.mode & (Access.WRITE | Access.READ | Access.RELEASE)) == (Access.WRITE | Access.RELEASE);
            otherCount = of.otherCount;
            otherWrites = of.otherWrites;
            System.arraycopy(of.others, 0, others, 0, otherCount);
            everything = of.everything;
            ends = PartialOrderSearch.ends(of);
            daemon = of.daemon;
        }

        /** {@return whether the order of this step and another strand's makes a difference} */
        boolean dependsOn(Strand other) {
            if (location != null && location == other.location && (writes || PartialOrderSearch.writes(other))) {
                return true;
            }
            return everything || other.everything || ends && other.daemon || daemon && PartialOrderSearch.ends(other)
                    || (otherCount | other.otherCount) != 0 && reaches(other);
        }

        private boolean reaches(Strand other) {
            for (int i = 0; i < otherCount; i++) {
                if (touches(other, others[i], (otherWrites & 1 << i) != 0)) {
                    return true;
                }
            }
            return touches(other.others, other.otherCount, other.otherWrites, location, writes);
        }

        private static boolean touches(Strand strand, Location location, boolean writes) {
            return strand.location == location && (writes || PartialOrderSearch.writes(strand))
                    || touches(strand.others, strand.otherCount, strand.otherWrites, location, writes);
        }

        private static boolean touches(Location[] locations, int count, int written, Location location, boolean writes) {
            for (int i = 0; i < count; i++) {
                if (locations[i] == location && (writes || (written & 1 << i) != 0)) {
                    return true;
                }
            }
            return false;
        }
    }

    private final boolean dynamic;
    private final List<State> states = new ArrayList<>();
    private final List<Event> events = new ArrayList<>();
    private int[][] clocks = new int[8][];
    private final int[] first = new int[Execution.MAX_STRANDS];
    private int width; // how many strands there are
    private int depth;
    private int noted;
    private int prefix;
    private int choice;
    private boolean started;
    private long blocked;

    /**
     * A search that has not begun.
     *
     * @param dynamic false for sleep sets alone
     */
    PartialOrderSearch(boolean dynamic) {
        this.dynamic = dynamic;
    }

    @Override
    String name() {
        return dynamic ? "dpor" : "sleep-sets";
    }

    /** {@return how many runs were cut short because another stands for them} */
    long blocked() {
        return blocked;
    }

    @Override
    boolean wantsSteps() {
        return true;
    }

    @Override
    boolean everyStep() {
        return true;
    }

    /** {@return whether there is another schedule after the one that has just been run; it is then the next} */
    boolean advance(Execution x) {
        if (!started) {
            started = true;
            return true;
        }
        if (x.interrupts.offered()) {
            throw new ExplorerException("strategy " + name() + " does not know what an interrupt depends on; bound2, which bounds the departures instead, does");
        }
        racesOfPendingSteps(x);
        while (!states.isEmpty()) {
            int last = states.size() - 1;
            State state = states.get(last);
            if (nextChoice(state)) {
                prefix = last + 1;
                return true;
            }
            state.done |= 1L << state.chosen;
            long open = state.backtrack & state.enabled & ~state.done & ~state.sleep;
            if (open != 0) {
                state.chosen = Long.numberOfTrailingZeros(open);
                state.choices = 0;
                prefix = last + 1;
                return true;
            }
            states.removeLast();
        }
        return false;
    }

    private static boolean nextChoice(State state) {
        for (int i = state.choices - 1; i >= 0; i--) {
            if (++state.tried[i] < state.alternatives[i]) {
                state.choices = i + 1;
                return true;
            }
        }
        return false;
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        depth = 0;
        noted = 0;
        for (int[] clock : clocks) {
            if (clock != null) {
                Arrays.fill(clock, 0);
            }
        }
        width = 0;
        return this;
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        State state;
        if (depth < prefix) {
            state = states.get(depth);
            if (state.enabled != menu) {
                throw new ExplorerException("two runs of the same schedule differ at step " + depth + ": the scenario keeps state from one run to the next");
            }
        } else {
            state = new State();
            state.enabled = menu;
            state.sleep = asleep(x, menu);
            long awake = menu & ~state.sleep;
            if (awake == 0) {
                blocked++;
                return NONE;
            }
            int fallback = x.byDefault(current, menu);
            state.chosen = (awake & 1L << fallback) != 0 ? fallback : Long.numberOfTrailingZeros(awake);
            state.backtrack = dynamic ? 1L << state.chosen : menu;
            states.add(state);
        }
        depth++;
        choice = 0;
        return state.chosen;
    }

    private long asleep(Execution x, long menu) {
        if (depth == 0) {
            return 0;
        }
        State before = states.get(depth - 1);
        Event event = events.get(depth - 1);
        long asleep = 0;
        for (long left = (before.sleep | before.done) & menu & ~(1L << event.strand); left != 0; left &= left - 1) {
            Strand strand = x.strand(Long.numberOfTrailingZeros(left));
            if (!event.dependsOn(strand)) {
                asleep |= strand.bit;
            }
        }
        return asleep;
    }

    private static boolean writes(Strand strand) {
        return (strand.mode & (Access.WRITE | Access.CONDITIONAL)) != 0;
    }

    private static boolean ends(Strand strand) {
        return strand.site == Execution.END && !strand.daemon;
    }

    @Override
    int choose(Execution x, Strand strand, int alternatives) {
        State state = states.get(depth - 1);
        if (choice == state.choices) {
            if (state.choices == state.tried.length) {
                state.alternatives = Arrays.copyOf(state.alternatives, 2 * state.choices);
                state.tried = Arrays.copyOf(state.tried, 2 * state.choices);
            }
            state.alternatives[state.choices] = alternatives;
            state.tried[state.choices++] = 0;
        }
        return state.tried[choice++];
    }

    // ---- the order of the steps

    @Override
    public void performed(Execution x, Strand strand) {
        if (noted == depth) {
            return; // the start of the first strand, or the effect of a step that was noted when it was chosen
        }
        int index = noted++;
        if (index == events.size()) {
            events.add(new Event());
        }
        Event event = events.get(index);
        event.is(strand);
        int[] clock = clockOf(strand.id);
        races(x, strand, index);
        for (int earlier = 0; earlier < index; earlier++) {
            Event other = events.get(earlier);
            if (other.dependsOn(strand)) {
                join(clock, other.clock);
            }
        }
        clock[strand.id] = index + 1;
        System.arraycopy(clock, 0, event.clock, 0, width);
    }

    private int[] clockOf(int strand) {
        if (strand >= clocks.length) {
            clocks = Arrays.copyOf(clocks, 2 * strand + 2);
        }
        if (clocks[strand] == null) {
            clocks[strand] = new int[Execution.MAX_STRANDS];
        }
        return clocks[strand];
    }

    private void join(int[] clock, int[] other) {
        for (int i = 0; i < width; i++) {
            clock[i] = Math.max(clock[i], other[i]);
        }
    }

    @Override
    public void started(Execution x, Strand parent, Strand child) {
        width = x.strandCount();
        for (Event event : child.point == 0 ? events : List.<Event>of()) { // else the number was one that ended before
            event.clock[child.id] = 0;
        }
        if (parent != null) {
            join(clockOf(child.id), clockOf(parent.id));
        }
    }

    @Override
    public void woken(Execution x, Strand by, Strand strand) {
        if (by != null && strand.location == null) { // else its step depends on the other's, and is ordered by that
            join(clockOf(strand.id), clockOf(by.id));
        }
    }

    @Override
    public void timePassed(Execution x) {
        racesOfPendingSteps(x); // from here on all that was done comes before them
        int[] everything = new int[Execution.MAX_STRANDS];
        for (int id = 0; id < x.strandCount(); id++) {
            join(everything, clockOf(id));
        }
        for (int id = 0; id < x.strandCount(); id++) {
            join(clockOf(id), everything);
        }
    }

    private void racesOfPendingSteps(Execution x) {
        for (int id = 0; id < x.strandCount(); id++) {
            Strand strand = x.strand(id);
            if (!strand.finished) {
                races(x, strand, noted);
            }
        }
    }

    /** Where a strand's next step races with one that was made, its strand is to be tried before that one too. */
    private void races(Execution x, Strand strand, int index) {
        if (!dynamic) {
            return;
        }
        int[] clock = clockOf(strand.id);
        boolean locks = (strand.mode & (Access.EXCHANGE | Access.CONDITIONAL)) == Access.EXCHANGE;
        for (int earlier = Math.min(index, noted) - 1; earlier >= 0; earlier--) {
            Event event = events.get(earlier);
            if (event.strand != strand.id && clock[event.strand] <= earlier && event.dependsOn(strand)
                    && !(locks && event.unlocks && event.location == strand.location && event.location.acquirers != 0)) {
                tryBefore(earlier, strand, clock, index);
            }
        }
    }

    /**
     * What came after the earlier step without depending on it, and then the strand's step, is to be made before it as well. It can begin with the first step of
     * each strand in there that depends on none of the others; if none of those is tried yet, one is.
     */
    private void tryBefore(int earlier, Strand strand, int[] clock, int index) {
        State state = states.get(earlier);
        int of = events.get(earlier).strand;
        Arrays.fill(first, 0, width, NONE);
        long initials = 0;
        boolean alone = true;
        for (int between = earlier + 1; between < Math.min(index, noted); between++) {
            Event event = events.get(between);
            if (event.clock[of] > earlier) {
                continue;
            }
            alone &= event.strand != strand.id && !event.dependsOn(strand);
            if (first[event.strand] == NONE) {
                if (dependsOnNone(event.clock, event.strand)) {
                    initials |= 1L << event.strand;
                }
                first[event.strand] = between;
            }
        }
        if (alone && dependsOnNone(clock, strand.id)) {
            initials |= strand.bit;
        }
        long candidates = initials & state.enabled;
        if (candidates == 0) {
            state.backtrack |= state.enabled;
        } else if ((state.backtrack & candidates) == 0) {
            state.backtrack |= (candidates & strand.bit) != 0 ? strand.bit : Long.lowestOneBit(candidates);
        }
    }

    private boolean dependsOnNone(int[] clock, int strand) {
        for (int other = 0; other < width; other++) {
            if (other != strand && first[other] != NONE && clock[other] > first[other]) {
                return false;
            }
        }
        return true;
    }
}
