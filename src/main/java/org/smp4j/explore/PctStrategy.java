package org.smp4j.explore;

import java.util.Arrays;

/**
 * Probabilistic concurrency testing: strands have priorities at random, the highest of those that can step does; at some steps chosen beforehand who steps falls
 * below all others. A bug that needs d orderings is found by a schedule with probability of at least 1 / (n k^(d-1)), with n strands and k steps.
 */
final class PctStrategy extends RandomStrategy {
    private final int depth;
    private final int[] changes;
    private int nextChange;
    private int lowest;
    private int mostSteps = 32;
    private int mostStrands = 1;

    /**
     * PCT for bugs of some depth.
     *
     * @param depth how many orderings a bug needs; priorities change depth - 1 times
     */
    PctStrategy(int depth) {
        this.depth = depth;
        changes = new int[depth - 1];
    }

    @Override
    String name() {
        return "pct" + depth;
    }

    /** {@return the probability with which one schedule finds a bug of this depth, at least, as far as the schedules so far tell the size of the program} */
    double bound() {
        return 1 / (mostStrands * Math.pow(mostSteps, depth - 1));
    }

    int mostSteps() {
        return mostSteps;
    }

    int mostStrands() {
        return mostStrands;
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        for (int i = 0; i < changes.length; i++) {
            changes[i] = 1 + random.below(mostSteps);
        }
        Arrays.sort(changes);
        nextChange = 0;
        lowest = 0;
        return this;
    }

    @Override
    void made(Execution x, Strand strand) {
        strand.priority = 1 + random.below(1 << 30);
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        while (nextChange < changes.length && x.steps() >= changes[nextChange]) {
            nextChange++;
            current.priority = --lowest;
        }
        int best = -1;
        int highest = Integer.MIN_VALUE;
        for (long left = menu; left != 0; left &= left - 1) {
            int id = Long.numberOfTrailingZeros(left);
            int priority = x.strand(id).priority;
            if (priority > highest) {
                highest = priority;
                best = id;
            }
        }
        return best;
    }

    @Override
    void learn(Execution x) {
        super.learn(x);
        mostSteps = Math.max(mostSteps, x.steps());
        mostStrands = Math.max(mostStrands, x.strandCount());
    }
}
