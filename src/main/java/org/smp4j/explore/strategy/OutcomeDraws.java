package org.smp4j.explore.strategy;

import org.smp4j.explore.model.Randomness;

/**
 * Draws which steps have another outcome than by default, where a memory model allows that: a few in a schedule. Each
 * chance is equally likely however many there are.
 */
final class OutcomeDraws {
    private static final int TIMES_MASK = 3;
    private static final int FEW = 8;

    private int expected = FEW;
    private long seed;
    // The chances of this schedule with another outcome, from 1, and for each a draw that chooses it.
    private final int[] chances = new int[TIMES_MASK];
    private final long[] draws = new long[TIMES_MASK];
    private int times = -1; // not drawn yet

    void begin(long ofSchedule) {
        seed = ofSchedule;
        times = -1;
    }

    /**
     * Drawn from the seed alone, so that a memory model does not change the other draws.
     *
     * @param chance the number of this step among those with several outcomes, from 1
     * @param outcomes the number of outcomes
     * @return the outcome, from 0, the default
     */
    int due(int chance, int outcomes) {
        if (times < 0) {
            draw();
        }
        for (int i = 0; i < times; i++) {
            if (chances[i] == chance) {
                return 1 + (int) Long.remainderUnsigned(Randomness.mix(draws[i]), outcomes - 1);
            }
        }
        return 0;
    }

    private void draw() {
        long draw = Randomness.draw(seed, -1);
        times = (int) (draw & TIMES_MASK);
        for (int i = 0; i < times; i++) {
            draw = Randomness.mix(draw);
            draws[i] = draw;
            chances[i] = 1 + (int) Long.remainderUnsigned(draw, expected);
        }
    }

    /** The number of chances, as the last schedule has shown. */
    void learn(int count) {
        expected = Math.max(expected, count);
    }
}
