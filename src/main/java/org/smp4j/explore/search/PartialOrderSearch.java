package org.smp4j.explore.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Dynamic partial-order reduction (DPOR) with sleep sets: makes one of all schedules that differ only in the order of
 * independent steps. Two steps are dependent if they are of one strand, if they reach the same location and one writes,
 * or if one ends the run before the other, of a daemon, is made. A step that lets another go on reaches the same
 * location, unless that is the turn of a spin loop: what comes before such a step is not ordered, as another change
 * could also let the strand go on.
 *
 * <p>The dynamic part tries another order only where two steps raced. Without it sleep sets alone remain: they are
 * slower, and serve as a check, since both must make the same number of executions.
 */
public final class PartialOrderSearch extends ExhaustiveSearch implements Observer {
    private static final int NONE = -1;
    /** Steps after which one of a few runs is left: those of a search resemble the default run, unless a loop spins. */
    private static final int LONG = 2 * EarlySearch.SHORT;

    private final boolean dynamic;
    private final MemoryModel memory;
    private final boolean leavesLarger;
    private final WeakOrder order;
    private final NewestReads newest = new NewestReads();
    private boolean again;
    private final List<PathState> states = new ArrayList<>();
    private final List<PathStep> events = new ArrayList<>();
    private final StrandClocks clocks = new StrandClocks();
    private final int[] first = new int[StrandSet.FEW];
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
        this(dynamic, MemoryModel.SC);
    }

    /**
     * A search that has not begun.
     *
     * @param dynamic false for sleep sets alone
     * @param memory the memory model of the runs: each value that a read may return is tried
     */
    public PartialOrderSearch(boolean dynamic, MemoryModel memory) {
        this(dynamic, memory, false);
    }

    private PartialOrderSearch(boolean dynamic, MemoryModel memory, boolean leavesLarger) {
        this.dynamic = dynamic;
        this.memory = memory;
        this.leavesLarger = leavesLarger;
        order = new WeakOrder(memory);
    }

    /** {@return whether it tries each value that a read may return; else runs that read the newest stand for all} */
    boolean triesOlderValues() {
        return order.isWeak();
    }

    /** {@return one that makes only the first few of its runs, and claims nothing: it leaves runs with more strands} */
    static PartialOrderSearch amongSamples() {
        return new PartialOrderSearch(true, MemoryModel.SC, true);
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
        return "proven for all " + (memory == MemoryModel.SC ? "sequentially consistent runs"
                : "runs under the memory model " + memory.name().toLowerCase(Locale.ROOT))
                + ": every run orders dependent steps as one of the " + schedules + " that were made";
    }

    @Override
    public boolean wantsSteps() {
        return true;
    }

    @Override
    public boolean everyStep() {
        return true;
    }

    /** All of them have a bit: nearly every program with more has by far too many orders to make them all. */
    @Override
    public int mostStrands() {
        return StrandSet.FEW;
    }

    @Override
    public boolean leavesLarger() {
        return leavesLarger;
    }

    @Override
    public boolean advance(Run x) {
        if (!started) {
            started = true;
            return true;
        }
        if (x.interruptions().offered()) {
            throw new ExplorerException("strategy " + name()
                    + " does not know what an interrupt depends on; bound2, which bounds the departures instead, does");
        }
        if (again) { // with what is known of the program now
            again = false;
            states.clear();
            prefix = 0;
            return true;
        }
        racesOfPendingSteps(x);
        while (!states.isEmpty()) {
            int last = states.size() - 1;
            PathState state = states.get(last);
            if (state.nextChoice()) {
                prefix = last + 1;
                return true;
            }
            state.done |= 1L << state.chosen;
            state.whole(state.chosen, events.get(last).whole());
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

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        depth = 0;
        noted = 0;
        clocks.begin();
        return this;
    }

    @Override
    public int pick(Run x, Strand current, StrandSet all) {
        long menu = all.few();
        PathState state;
        if (depth < prefix) {
            state = states.get(depth);
            if (state.enabled != menu) {
                throw new ExplorerException("two runs of the same schedule differ at step " + depth
                        + ": the scenario keeps state from one run to the next");
            }
        } else if (leavesLarger && depth == LONG) {
            return NONE;
        } else {
            state = new PathState();
            state.enabled = menu;
            state.sleep = asleep(x, menu, state);
            long awake = menu & ~state.sleep;
            if (awake == 0) {
                return NONE;
            }
            int fallback = x.byDefault(current, all);
            state.chosen = (awake & 1L << fallback) != 0 ? fallback : Long.numberOfTrailingZeros(awake);
            state.backtrack = dynamic ? 1L << state.chosen : menu;
            states.add(state);
        }
        depth++;
        choice = 0;
        return state.chosen;
    }

    private long asleep(Run x, long menu, PathState state) {
        if (depth == 0) {
            return 0;
        }
        PathState before = states.get(depth - 1);
        PathStep event = events.get(depth - 1);
        long asleep = 0;
        for (long left = (before.sleep | before.done) & menu & ~(1L << event.strand); left != 0; left &= left - 1) {
            Strand strand = x.strand(Long.numberOfTrailingZeros(left));
            PathStep whole = before.whole(strand.id);
            if (!(whole == null ? depends(event, strand) : event.dependsOn(whole))) {
                asleep |= strand.bit;
                state.whole(strand.id, whole);
            }
        }
        return asleep;
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        return states.get(depth - 1).choose(choice++, alternatives);
    }

    /**
     * What the memory model leaves open is a choice like the scenario's: other strands' steps change it only if they
     * depend on this one. As long as the newest values stand for all, a read has no choice; in the rest of a run that
     * shows that they don't it takes the newest as well, as its choices are new.
     */
    @Override
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        if (kind == DepartureKind.SPURIOUS_FAILURE || order.isWeak()) {
            return choose(x, strand, outcomes);
        }
        again |= (kind != DepartureKind.OLDER_VALUE || !newest.mayComeBefore(strand, events, noted - 1))
                && order.misses();
        return 0;
    }

    @Override
    public boolean ordersVolatile() {
        return memory != MemoryModel.JAVA || order.isWeak();
    }

    // ---- the order of the steps

    @Override
    public void performed(Run x, Strand strand) {
        if (noted == depth) {
            return; // the start of the first strand, or a step that was noted when it was chosen
        }
        int index = noted++;
        if (index == events.size()) {
            events.add(new PathStep());
        }
        PathStep event = events.get(index);
        again |= order.learns(strand);
        event.is(strand, x.locationCount());
        event.stretch = index > 0 && events.get(index - 1).strand == strand.id ? events.get(index - 1).stretch : index;
        events.get(event.stretch).end = index;
        event.exchanges = order.has(strand);
        newest.announced(strand, clocks);
        follows(x, strand, index);
        clocks.of(strand.id)[strand.id] = index + 1;
        clocks.copy(strand.id, event.clock);
    }

    /** A further access of the last step, which may race with the steps before that one. */
    @Override
    public void accessed(Run x, Strand strand) {
        if (noted != depth || depth == 0 || events.get(noted - 1).strand != strand.id) {
            return; // outside of the explored stretch
        }
        PathStep event = events.get(noted - 1);
        newest.announced(strand, clocks);
        follows(x, strand, noted - 1);
        again |= order.learns(strand);
        event.adds(strand);
        event.exchanges |= order.has(strand);
        clocks.copy(strand.id, event.clock);
    }

    private void follows(Run x, Strand strand, int index) {
        races(x, strand, index);
        for (int earlier = index - 1; earlier >= 0; earlier--) {
            PathStep other = events.get(earlier);
            boolean before = clocks.of(strand.id)[other.strand] > earlier;
            if (depends(other, strand)) {
                clocks.join(strand.id, other.clock);
            }
            if (before) {
                earlier = other.stretch; // the rest of it happens before, and has been joined
            }
        }
    }

    private boolean depends(PathStep event, Strand strand) {
        return event.exchanges && order.has(strand) || event.dependsOn(strand);
    }

    @Override
    public void started(Run x, Strand parent, Strand child) {
        clocks.width(x.strandCount());
        for (PathStep event : child.point() == 0 ? events : List.<PathStep>of()) {
            // else an ended strand had the number before
            event.clock[child.id] = 0;
        }
        if (parent != null) {
            clocks.join(child.id, clocks.of(parent.id));
        }
    }

    @Override
    public void timePassed(Run x) {
        racesOfPendingSteps(x); // all steps so far happen before them
        clocks.timePassed(x);
    }

    private void racesOfPendingSteps(Run x) {
        for (int id = 0; id < x.strandCount(); id++) {
            Strand strand = x.strand(id);
            if (!strand.isFinished()) {
                races(x, strand, noted);
            }
        }
    }

    /** If a strand's next step races with an earlier step, the strand must also be tried before that step. */
    private void races(Run x, Strand strand, int index) {
        if (!dynamic) {
            return;
        }
        int[] clock = clocks.of(strand.id);
        boolean locks = (strand.mode() & (Access.EXCHANGE | Access.CONDITIONAL)) == Access.EXCHANGE;
        for (int earlier = Math.min(index, noted) - 1; earlier >= 0; earlier--) {
            PathStep event = events.get(earlier);
            if (event.strand == strand.id || clock[event.strand] > earlier) {
                earlier = event.stretch; // none of it races
            } else if (depends(event, strand)
                    && !(locks && event.unlocks && event.location == strand.location() && event.location.isWanted())) {
                tryBefore(earlier, strand, clock, index);
            }
        }
    }

    /**
     * The steps after the earlier one that do not depend on it, and then the strand's step, must also be made before
     * it. They can begin with the first step of each of their strands that depends on none of the others; if none of
     * those is tried yet, one is added.
     */
    private void tryBefore(int earlier, Strand strand, int[] clock, int index) {
        PathState state = states.get(earlier);
        int of = events.get(earlier).strand;
        Arrays.fill(first, 0, clocks.width(), NONE);
        long initials = 0;
        boolean alone = true;
        for (int between = earlier + 1; between < Math.min(index, noted); between++) {
            PathStep event = events.get(between);
            if (event.clock[of] > earlier) {
                between = events.get(event.stretch).end; // as all that its strand does from here on
                continue;
            }
            alone &= event.strand != strand.id && !depends(event, strand);
            if (first[event.strand] == NONE) {
                if (clocks.followsNone(event.clock, event.strand, first)) {
                    initials |= 1L << event.strand;
                }
                first[event.strand] = between;
            }
        }
        if (alone && clocks.followsNone(clock, strand.id, first)) {
            initials |= strand.bit;
        }
        long candidates = initials & state.enabled;
        if (candidates == 0) {
            state.backtrack |= state.enabled;
        } else if ((state.backtrack & candidates) == 0) {
            state.backtrack |= (candidates & strand.bit) != 0 ? strand.bit : Long.lowestOneBit(candidates);
        }
    }
}
