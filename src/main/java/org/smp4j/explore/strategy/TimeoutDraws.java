package org.smp4j.explore.strategy;

import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Clock;
import org.smp4j.explore.run.StrandSet;

/**
 * Draws when a timeout fires before its time, and when time passes before a read of the clock: at a few of the chances,
 * each equally likely however many there are. Thus a loop that waits with a timeout again and again ends.
 */
final class TimeoutDraws {
    private static final int TIMES_MASK = 3;
    private static final int FEW = 8;
    private static final int TIMEOUTS = 101;
    private static final int LOOKS = 102;

    private int expected = FEW;
    private int expectedLooks = FEW;
    private long seed;

    void begin(long ofSchedule) {
        seed = ofSchedule;
    }

    /** {@return the id of the strand whose timeout fires now, one of a set; -1 for none} */
    int due(Clock time, StrandSet waiting) {
        long draw = drawn(TIMEOUTS, time.chances(), expected);
        if (draw == 0) {
            return -1;
        }
        return waiting.at((int) Long.remainderUnsigned(Randomness.mix(draw), waiting.size()));
    }

    /** {@return whether time passes before this read of the clock} */
    boolean passes(Clock time) {
        return drawn(LOOKS, time.looks(), expectedLooks) != 0;
    }

    /**
     * Drawn from the seed alone, so that timeouts do not change the other draws; {@return 0 if this chance was not
     * drawn}
     */
    private long drawn(int kind, int chance, int among) {
        long draw = Randomness.draw(seed, kind);
        int times = (int) (draw & TIMES_MASK);
        for (int i = 0; i < times; i++) {
            draw = Randomness.mix(draw);
            if (1 + Long.remainderUnsigned(draw, among) == chance) {
                return draw | 1;
            }
        }
        return 0;
    }

    /** The number of chances, as the last schedule has shown. */
    void learn(Clock time) {
        expected = Math.max(expected, time.chances());
        expectedLooks = Math.max(expectedLooks, time.looks());
    }
}
