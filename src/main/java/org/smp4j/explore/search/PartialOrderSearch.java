package org.smp4j.explore.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Strategy;

/**
 * Every schedule, but of those that differ only in the order of independent steps one: dynamic partial-order reduction with sleep sets. Two steps depend on
 * each other if they are of one strand, if they reach the same location and one of them writes, if one lets the other go on, or if one ends a run that the other,
 * of a daemon, does not come to any more.
 *
 * <p>Without the dynamic part, which tries another order only where two steps raced, sleep sets alone remain: slower, and a check of it, since both must come
 * to the same number of executions.
 */
public final class PartialOrderSearch extends ExhaustiveSearch implements Observer {
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

    private final boolean dynamic;
    private final List<State> states = new ArrayList<>();
    private final List<PathStep> events = new ArrayList<>();
    private int[][] clocks = new int[8][];
    private final int[] first = new int[Run.MAX_STRANDS];
    private int width; // how many strands there are
    private int depth;
    private int noted;
    private int prefix;
    private int choice;
    private boolean started;

    /**
     * A search that has not begun.
     *
     * @param dynamic false for sleep sets alone
     */
    public PartialOrderSearch(boolean dynamic) {
        this.dynamic = dynamic;
    }

    @Override
    public String name() {
        return dynamic ? "dpor" : "sleep-sets";
    }

    @Override
    public Observer observer() {
        return this;
    }

    @Override
    public boolean isReduced() {
        return true;
    }

    @Override
    public String claim(long schedules) {
        return "proven for all sequentially consistent runs: every run orders dependent steps as one of the " + schedules + " that were made";
    }

    @Override
    public boolean wantsSteps() {
        return true;
    }

    @Override
    public boolean everyStep() {
        return true;
    }

    @Override
    public boolean advance(Run x) {
        if (!started) {
            started = true;
            return true;
        }
        if (x.interruptions().offered()) {
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
    public Strategy begin(Run x, long schedule, long seed) {
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
    public int pick(Run x, Strand current, long menu) {
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

    private long asleep(Run x, long menu) {
        if (depth == 0) {
            return 0;
        }
        State before = states.get(depth - 1);
        PathStep event = events.get(depth - 1);
        long asleep = 0;
        for (long left = (before.sleep | before.done) & menu & ~(1L << event.strand); left != 0; left &= left - 1) {
            Strand strand = x.strand(Long.numberOfTrailingZeros(left));
            if (!event.dependsOn(strand)) {
                asleep |= strand.bit;
            }
        }
        return asleep;
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
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
    public void performed(Run x, Strand strand) {
        if (noted == depth) {
            return; // the start of the first strand, or the effect of a step that was noted when it was chosen
        }
        int index = noted++;
        if (index == events.size()) {
            events.add(new PathStep());
        }
        PathStep event = events.get(index);
        event.is(strand);
        int[] clock = clockOf(strand.id);
        races(x, strand, index);
        for (int earlier = 0; earlier < index; earlier++) {
            PathStep other = events.get(earlier);
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
            clocks[strand] = new int[Run.MAX_STRANDS];
        }
        return clocks[strand];
    }

    private void join(int[] clock, int[] other) {
        for (int i = 0; i < width; i++) {
            clock[i] = Math.max(clock[i], other[i]);
        }
    }

    @Override
    public void started(Run x, Strand parent, Strand child) {
        width = x.strandCount();
        for (PathStep event : child.point() == 0 ? events : List.<PathStep>of()) { // else the number was one that ended before
            event.clock[child.id] = 0;
        }
        if (parent != null) {
            join(clockOf(child.id), clockOf(parent.id));
        }
    }

    @Override
    public void woken(Run x, Strand by, Strand strand) {
        if (by != null && strand.location() == null) { // else its step depends on the other's, and is ordered by that
            join(clockOf(strand.id), clockOf(by.id));
        }
    }

    @Override
    public void timePassed(Run x) {
        racesOfPendingSteps(x); // from here on all that was done comes before them
        int[] everything = new int[Run.MAX_STRANDS];
        for (int id = 0; id < x.strandCount(); id++) {
            join(everything, clockOf(id));
        }
        for (int id = 0; id < x.strandCount(); id++) {
            join(clockOf(id), everything);
        }
    }

    private void racesOfPendingSteps(Run x) {
        for (int id = 0; id < x.strandCount(); id++) {
            Strand strand = x.strand(id);
            if (!strand.isFinished()) {
                races(x, strand, noted);
            }
        }
    }

    /** Where a strand's next step races with one that was made, its strand is to be tried before that one too. */
    private void races(Run x, Strand strand, int index) {
        if (!dynamic) {
            return;
        }
        int[] clock = clockOf(strand.id);
        boolean locks = (strand.mode() & (Access.EXCHANGE | Access.CONDITIONAL)) == Access.EXCHANGE;
        for (int earlier = Math.min(index, noted) - 1; earlier >= 0; earlier--) {
            PathStep event = events.get(earlier);
            if (event.strand != strand.id && clock[event.strand] <= earlier && event.dependsOn(strand)
                    && !(locks && event.unlocks && event.location == strand.location() && event.location.isWanted())) {
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
            PathStep event = events.get(between);
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
