package org.smp4j.explore;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Every schedule with at most so many departures from the default one, interrupts and choices counted in, and without any reduction: a sleep set or a
 * partial-order argument would take schedules away that no other within the bound stands for.
 */
final class BoundedSearch extends Strategy {
    /** Schedules that begin alike: with some departures and one more that is yet to be chosen. */
    private static final class Branch {
        final Departures departures;
        // What can be added, after the last departure.
        final Departures additions = new Departures();
        int nextAddition;

        Branch(Departures departures) {
            this.departures = departures;
        }
    }

    private final int bound;
    private final Deque<Branch> branches = new ArrayDeque<>();
    // Schedules that differ from the last one in when an interrupt is taken.
    private final Deque<Departures> siblings = new ArrayDeque<>();
    private Branch growing;
    private Departures plan = new Departures();
    private int nextDeparture;
    private int deferredAt;
    private boolean started;

    /**
     * A search that has not begun.
     *
     * @param bound how many departures
     */
    BoundedSearch(int bound) {
        this.bound = bound;
    }

    @Override
    String name() {
        return "bound" + bound;
    }

    int bound() {
        return bound;
    }

    /** {@return whether there is another schedule; it is then the next to be run} */
    boolean advance() {
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
            if (branch.nextAddition < branch.additions.size()) {
                int i = branch.nextAddition++;
                Departures departures = branch.departures.copy();
                departures.add(branch.additions.strand(i), branch.additions.point(i), branch.additions.pick(i));
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
        if (departures.size() < bound) {
            growing = new Branch(departures);
            branches.push(growing);
        }
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        nextDeparture = 0;
        return this;
    }

    private boolean departsAt(Strand strand) {
        return nextDeparture < plan.size() && plan.strand(nextDeparture) == strand.id && plan.point(nextDeparture) == strand.point;
    }

    private boolean open() {
        return growing != null && nextDeparture == plan.size();
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        int fallback = x.byDefault(current, menu);
        if (departsAt(current) && plan.pick(nextDeparture) >= 0) {
            int pick = plan.pick(nextDeparture++);
            if ((menu & 1L << pick) == 0) {
                throw new ExplorerException("two runs of the same schedule differ: at step " + x.steps() + " strand " + pick + " could go on before and can't now");
            }
            return pick;
        }
        if (open()) {
            for (long left = menu & ~(1L << fallback); left != 0; left &= left - 1) {
                growing.additions.add(current.id, current.point, Long.numberOfTrailingZeros(left));
            }
        }
        return fallback;
    }

    /** Until the code polls, as one alternative; the steps before that, where it could be taken too, are found when that is run. */
    @Override
    int defer(Execution x, Strand strand) {
        if (departsAt(strand) && Departures.isDeferral(plan.pick(nextDeparture))) {
            deferredAt = strand.point;
            return Departures.DEFER - plan.pick(nextDeparture++);
        }
        if (open()) {
            growing.additions.add(strand.id, strand.point, Departures.DEFER - Departures.UNTIL_POLL);
        }
        return 0;
    }

    @Override
    void deferring(Execution x, Strand strand) {
        int last = plan.size() - 1;
        if (nextDeparture == plan.size() && plan.strand(last) == strand.id && plan.pick(last) == Departures.DEFER - Departures.UNTIL_POLL) {
            Departures sooner = plan.prefix(last);
            sooner.add(strand.id, deferredAt, Departures.DEFER - (strand.point - deferredAt));
            siblings.add(sooner);
        }
    }

    @Override
    int interrupt(Execution x, Strand strand, int possible) {
        if (departsAt(strand) && Departures.isInterrupt(plan.pick(nextDeparture))) {
            return Departures.INTERRUPT - plan.pick(nextDeparture++);
        }
        if (open()) {
            for (int left = possible; left != 0; left &= left - 1) {
                growing.additions.add(strand.id, strand.point, Departures.INTERRUPT - Integer.numberOfTrailingZeros(left));
            }
        }
        return -1;
    }

    @Override
    int choose(Execution x, Strand strand, int alternatives) {
        if (departsAt(strand) && Departures.isChoice(plan.pick(nextDeparture))) {
            return Departures.CHOICE - plan.pick(nextDeparture++);
        }
        if (open()) {
            for (int choice = 1; choice < alternatives; choice++) {
                growing.additions.add(strand.id, strand.point, Departures.CHOICE - choice);
            }
        }
        return 0;
    }
}
