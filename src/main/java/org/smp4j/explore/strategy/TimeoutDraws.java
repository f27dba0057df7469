package org.smp4j.explore.strategy;

import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Clock;

/**
 * When timeouts fire before their time and a while passes before a look at the clock, in schedules that are drawn: at a
 * few of the chances that there are, every one as likely as another however many there are. A loop that waits with a
 * timeout again and again so comes to an end.
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

    /** {@return the number of the strand whose timeout fires now, of those that may by bit; -1 for none} */
    int due(Clock time, long waiting) {
        long draw = drawn(TIMEOUTS, time.chances(), expected);
        if (draw == 0) {
            return -1;
        }
        long left = waiting;
        for (int skipped = (int) Long.remainderUnsigned(Randomness.mix(draw), Long.bitCount(waiting)); skipped > 0;
                skipped--) {
            left &= left - 1;
        }
        return Long.numberOfTrailingZeros(left);
    }

    /** {@return whether a while has passed before this look} */
    boolean passes(Clock time) {
        return drawn(LOOKS, time.looks(), expectedLooks) != 0;
    }

    /**
     * Drawn from the seed alone, so that other draws are what they are without any timeout; {@return 0 if it was not
     * drawn}
     */
    private long drawn(int kind, int chance, int among) {
        long draw = Randomness.mix(seed + 0x9E3779B97F4A7C15L * kind);
        int times = (int) (draw & TIMES_MASK);
        for (int i = 0; i < times; i++) {
            draw = Randomness.mix(draw);
            if (1 + Long.remainderUnsigned(draw, among) == chance) {
                return draw | 1;
            }
        }
        return 0;
    }

    /** How many chances there are, as the schedule tells that was made last. */
    void learn(Clock time) {
        expected = Math.max(expected, time.chances());
        expectedLooks = Math.max(expectedLooks, time.looks());
    }
}
