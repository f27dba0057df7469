package org.smp4j.explore;

/**
 * The default schedule with a few delays: some strands, chosen evenly however many steps they have, are made to stop where they reach something that others
 * reach too, and go on when nobody else can. In every other schedule who is next where a strand can't go on is drawn as well. A bug that needs a few strands to
 * stop at the wrong moment, each for long, is found soon even where others make thousands of steps.
 */
final class DelayStrategy extends RandomStrategy {
    private final int delays;
    private final int[] victims;
    private final int[] points;
    private Conflicts conflicts = new Conflicts();
    private long order;

    /**
     * A strategy.
     *
     * @param delays how many
     */
    DelayStrategy(int delays) {
        this.delays = delays;
        victims = new int[delays];
        points = new int[delays];
    }

    @Override
    String name() {
        return "delay" + delays;
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        for (int i = 0; i < delays; i++) {
            victims[i] = conflicts.strand(random);
            points[i] = conflicts.point(victims[i], random);
        }
        order = random.below(2) == 0 ? 0 : random.next() | 1;
        return this;
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        int fallback = x.byDefault(current, menu);
        if (fallback == current.id) {
            for (int i = 0; i < delays; i++) {
                if (victims[i] == current.id && points[i] == current.point) {
                    return random.bitOf(menu & ~current.bit);
                }
            }
            return fallback;
        }
        return order == 0 ? fallback : first(x.willing(menu));
    }

    /** Where a strand is to stop, an interrupt may be what stops it. */
    @Override
    int interrupt(Execution x, Strand strand, int possible) {
        int due = super.interrupt(x, strand, possible);
        for (int i = 0; due < 0 && i < delays; i++) {
            if (victims[i] == strand.id && points[i] == strand.point) {
                due = random.bitOf(possible);
            }
        }
        return due;
    }

    /** The strand that comes first in this schedule's order. */
    private int first(long menu) {
        int first = -1;
        long best = Long.MIN_VALUE;
        for (long left = menu; left != 0; left &= left - 1) {
            int id = Long.numberOfTrailingZeros(left);
            long rank = Randomness.mix(order + id);
            if (rank > best) {
                best = rank;
                first = id;
            }
        }
        return first;
    }

    @Override
    void learn(Conflicts learned) {
        conflicts = learned;
    }
}
