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

    void begin(long ofSchedule) {
        seed = ofSchedule;
    }

    /**
     * Drawn from the seed alone, so that a memory model does not change the other draws.
     *
     * @param chance the number of this step among those with several outcomes, from 1
     * @param outcomes the number of outcomes
     * @return the outcome, from 0, the default
     */
    int due(int chance, int outcomes) {
        long draw = Randomness.draw(seed, -1);
        int times = (int) (draw & TIMES_MASK);
        for (int i = 0; i < times; i++) {
            draw = Randomness.mix(draw);
            if (1 + Long.remainderUnsigned(draw, expected) == chance) {
                return 1 + (int) Long.remainderUnsigned(Randomness.mix(draw), outcomes - 1);
            }
        }
        return 0;
    }

    /** The number of chances, as the last schedule has shown. */
    void learn(int chances) {
        expected = Math.max(expected, chances);
    }
}
