package org.smp4j.explore.search;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.Locale;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.run.HeldStrand;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Every schedule with at most a number of departures from the default one, interrupts and choices included. Sleep sets
 * or persistent sets would remove schedules that no other schedule within the bound represents. The search omits a
 * schedule only if its last departure preempts a strand sooner than in a schedule that was made, and {@link HeldStrand}
 * has shown that the two runs are equivalent.
 */
public final class BoundedSearch extends ExhaustiveSearch {
    /** Schedules with the same first departures; one more departure is still to be chosen. */
    private static final class Branch {
        final Departures departures;
        // The departures that can be added after the last one.
        final Departures additions = new Departures();
        // By addition: the distance back to the one that preempts the same strand a step sooner, 0 if there is none;
        // and whether a later one represents it.
        int[] sooner = new int[64];
        final BitSet hasLater = new BitSet();
        private int latest = -1;
        private int current = -1;

        Branch(Departures departures) {
            this.departures = departures;
        }

        void add(int strand, int point, DepartureKind kind, int value, int distance) {
            int i = additions.size();
            additions.add(strand, point, kind, value);
            if (i == sooner.length) {
                sooner = Arrays.copyOf(sooner, 2 * i);
            }
            sooner[i] = distance;
            if (distance > 0) {
                hasLater.set(i - distance);
            }
        }

        /**
         * The next addition. Of those that preempt one strand at successive steps the latest comes first, then the ones
         * that it does not represent.
         *
         * @param earliest the first step of the strand that the last addition represents
         * @return its index, or -1
         */
        int next(int earliest) {
            while (current >= 0 && sooner[current] > 0) {
                current -= sooner[current];
                if (additions.point(current) < earliest) {
                    return current;
                }
            }
            latest = hasLater.nextClearBit(latest + 1);
            current = latest < additions.size() ? latest : -1;
            return current;
        }

        /** {@return the first of the successive steps at which the strand of the last addition could be preempted} */
        int first() {
            int i = current;
            while (sooner[i] > 0) {
                i -= sooner[i];
            }
            return additions.point(i);
        }
    }

    private final int bound;
    private final boolean reduced;
    private final MemoryModel memory;
    private final Deque<Branch> branches = new ArrayDeque<>();
    // Schedules that differ from the last one in the time at which an interrupt is taken.
    private final Deque<Departures> siblings = new ArrayDeque<>();
    private Branch growing;
    private Departures plan = new Departures();
    private int nextDeparture;
    private int deferredAt;
    private HeldStrand hold;
    // The step from which on the strand that the last departure preempts is watched.
    private int watched;
    // The last decision, while a branch grows.
    private Strand previous;
    private int previousPoint;
    private final StrandSet previousMenu = new StrandSet();
    private int previousEvents;
    private boolean previousMasked;
    private boolean started;

    /**
     * A search that has not begun.
     *
     * @param bound how many departures
     */
    public BoundedSearch(int bound) {
        this(bound, true, MemoryModel.SC);
    }

    /**
     * A search that has not begun. Under a weak memory model no schedule is left out: what two steps of different
     * strands have to do with each other does not show from their locations alone.
     *
     * @param bound how many departures
     * @param memory the memory model of the runs
     */
    public BoundedSearch(int bound, MemoryModel memory) {
        this(bound, memory == MemoryModel.SC, memory);
    }

    /**
     * A search that has not begun.
     *
     * @param bound how many departures
     * @param reduced whether schedules that come to the same as one that was made may be left out
     */
    public BoundedSearch(int bound, boolean reduced) {
        this(bound, reduced, MemoryModel.SC);
    }

    private BoundedSearch(int bound, boolean reduced, MemoryModel memory) {
        this.bound = bound;
        this.reduced = reduced;
        this.memory = memory;
    }

    @Override
    public String name() {
        return "bound" + bound;
    }

    @Override
    public boolean isReduced() {
        return false;
    }

    @Override
    public String claim(long schedules) {
        return memory == MemoryModel.SC ? "proven for sequentially consistent runs with at most " + bound
                + " departures from the default schedule, later interrupts and other choices counted in; "
                + "nothing is said of runs with more"
                : "proven for runs under the memory model " + memory.name().toLowerCase(Locale.ROOT)
                + " with at most " + bound + " departures from the default schedule, reads of older values and other "
                + "choices counted in; nothing is said of runs with more";
    }

    @Override
    public boolean advance(Run x) {
        if (!started) {
            started = true;
            grow(new Departures());
            return true;
        }
        if (!siblings.isEmpty()) {
            grow(siblings.poll());
            return true;
        }
        while (!branches.isEmpty()) {
            Branch branch = branches.peek();
            int i = branch.next(hold == null ? 0 : hold.earliest());
            if (i >= 0) {
                watched = branch.first();
                Departures departures = branch.departures.copy();
                departures.add(branch.additions.strand(i), branch.additions.point(i), branch.additions.kind(i),
                        branch.additions.value(i));
                grow(departures);
                return true;
            }
            branches.pop();
        }
        return false;
    }

    private void grow(Departures departures) {
        plan = departures;
        growing = null;
        previous = null;
        if (departures.size() < bound) {
            growing = new Branch(departures);
            branches.push(growing);
        }
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        nextDeparture = 0;
        hold = x.held();
        return this;
    }

    @Override
    public boolean beginsAsKnown() {
        return plan.size() > 0;
    }

    private boolean departsAt(Strand strand, DepartureKind kind) {
        return nextDeparture < plan.size() && plan.strand(nextDeparture) == strand.id
                && plan.point(nextDeparture) == strand.point()
                && plan.kind(nextDeparture) == kind;
    }

    private boolean open() {
        return growing != null && nextDeparture == plan.size();
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        int fallback = x.byDefault(current, menu);
        if (departsAt(current, DepartureKind.SWITCH)) {
            int pick = plan.value(nextDeparture++);
            x.held().stopped();
            if (!menu.has(pick)) {
                throw new ExplorerException("two runs of the same schedule differ: at step " + x.steps() + " strand "
                        + pick + " could go on before and can't now");
            }
            return pick;
        }
        if (nextDeparture == plan.size() - 1 && plan.size() == bound && current.id == plan.strand(nextDeparture)
                && current.point() == watched) {
            x.held().watch(current, plan.point(nextDeparture));
        }
        if (open()) {
            int distance = fallback == current.id && follows(x, current, menu) ? menu.size() - 1 : 0;
            for (int id = menu.next(0); id >= 0; id = menu.next(id + 1)) {
                if (id != fallback) {
                    growing.add(current.id, current.point(), DepartureKind.SWITCH, id, distance);
                }
            }
        }
        return fallback;
    }

    /**
     * {@return whether the strand could have been stopped one step sooner just as well, with the same alternatives;
     * only before a last departure}
     */
    private boolean follows(Run x, Strand current, StrandSet menu) {
        if (!reduced || growing.departures.size() != bound - 1) {
            return false;
        }
        boolean masked = x.interruptions().masked(current);
        boolean simple = current.isAccess();
        boolean follows = simple && previous == current && previousPoint == current.point() - 1
                && previousMenu.isSame(menu) && previousMasked == masked
                && previousEvents == x.held().events();
        previous = simple ? current : null;
        previousPoint = current.point();
        previousMenu.set(menu);
        previousEvents = x.held().events();
        previousMasked = masked;
        return follows;
    }

    /**
     * Until the code polls, as one alternative; the steps before that, where it could be taken too, are found when that
     * is run.
     */
    @Override
    public int defer(Run x, Strand strand) {
        if (departsAt(strand, DepartureKind.DEFERRAL)) {
            deferredAt = strand.point();
            return plan.value(nextDeparture++);
        }
        if (open()) {
            growing.add(strand.id, strand.point(), DepartureKind.DEFERRAL, Departures.UNTIL_POLL, 0);
        }
        return 0;
    }

    @Override
    public void deferring(Run x, Strand strand) {
        int last = plan.size() - 1;
        if (nextDeparture == plan.size() && plan.strand(last) == strand.id 
                && plan.kind(last) == DepartureKind.DEFERRAL && plan.value(last) == Departures.UNTIL_POLL) {
            Departures sooner = plan.prefix(last);
            sooner.add(strand.id, deferredAt, DepartureKind.DEFERRAL, strand.point() - deferredAt);
            siblings.add(sooner);
        }
    }

    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        if (departsAt(strand, DepartureKind.INTERRUPT)) {
            return plan.value(nextDeparture++);
        }
        if (open()) {
            int expected = x.interruptions().expected(strand, possible);
            for (int left = possible; left != 0; left &= left - 1) {
                if (Integer.numberOfTrailingZeros(left) != expected) {
                    growing.add(strand.id, strand.point(), DepartureKind.INTERRUPT,
                            Integer.numberOfTrailingZeros(left), 0);
                }
            }
            if (expected != Departures.NO_INTERRUPT) {
                growing.add(strand.id, strand.point(), DepartureKind.INTERRUPT, Departures.NO_INTERRUPT, 0);
            }
        }
        return -1;
    }

    @Override
    public int expire(Run x, Strand strand, StrandSet waiting) {
        if (departsAt(strand, DepartureKind.TIMEOUT)) {
            return plan.value(nextDeparture++);
        }
        if (open()) {
            for (int id = waiting.next(0); id >= 0; id = waiting.next(id + 1)) {
                growing.add(strand.id, strand.point(), DepartureKind.TIMEOUT, id, 0);
            }
        }
        return -1;
    }

    @Override
    public boolean passes(Run x, Strand strand) {
        if (departsAt(strand, DepartureKind.TIME_PASSES)) {
            nextDeparture++;
            return true;
        }
        if (open()) {
            growing.add(strand.id, strand.point(), DepartureKind.TIME_PASSES, 0, 0);
        }
        return false;
    }

    @Override
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        if (departsAt(strand, kind)) {
            return plan.value(nextDeparture++);
        }
        if (open()) {
            for (int outcome = 1; outcome < outcomes; outcome++) {
                growing.add(strand.id, strand.point(), kind, outcome, 0);
            }
        }
        return 0;
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        if (departsAt(strand, DepartureKind.CHOICE)) {
            return plan.value(nextDeparture++);
        }
        if (open()) {
            for (int choice = 1; choice < alternatives; choice++) {
                growing.add(strand.id, strand.point(), DepartureKind.CHOICE, choice, 0);
            }
        }
        return 0;
    }
}
