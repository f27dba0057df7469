package org.smp4j.explore.strategy;

import org.smp4j.explore.model.Randomness;

/**
 * Draws which reads return an older value than the newest, where a memory model allows that: a few in a schedule. Each
 * read is equally likely however many there are.
 */
final class OlderValueDraws {
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
     * @param chance the number of this read among those that may return an older value, from 1
     * @param values the number of values that it may return
     * @return how many of these are newer than the one that it returns
     */
    int due(int chance, int values) {
        long draw = Randomness.draw(seed, -1);
        int times = (int) (draw & TIMES_MASK);
        for (int i = 0; i < times; i++) {
            draw = Randomness.mix(draw);
            if (1 + Long.remainderUnsigned(draw, expected) == chance) {
                return 1 + (int) Long.remainderUnsigned(Randomness.mix(draw), values - 1);
            }
        }
        return 0;
    }

    /** The number of chances, as the last schedule has shown. */
    void learn(int chances) {
        expected = Math.max(expected, chances);
    }
}
