package org.smp4j.explore.strategy;

import java.util.Arrays;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Interruptions;
import org.smp4j.explore.run.Strand;

/**
 * When interrupts come that may come at any time, in schedules that are drawn: each at a few of the chances that it
 * has, every one as likely as another however many there are.
 */
final class InterruptDraws {
    private static final int TIMES_MASK = 3;
    private static final int FEW = 32;

    private final int[] expected = new int[Interruptions.KINDS];
    private long seed;

    InterruptDraws() {
        Arrays.fill(expected, FEW);
    }

    void begin(long ofSchedule) {
        seed = ofSchedule;
    }

    /** {@return the number of the interrupt that comes now, of those that may by bit; -1 for none} */
    int due(Interruptions points, Strand strand, int possible) {
        for (int left = possible; left != 0; left &= left - 1) {
            int number = Integer.numberOfTrailingZeros(left);
            if (isDrawn(Interruptions.kind(strand, number), points.chances(strand, number))) {
                return number;
            }
        }
        return -1;
    }

    /** Drawn from the seed alone, so that other draws are what they are without any interrupt. */
    private boolean isDrawn(int kind, int chance) {
        long draw = Randomness.mix(seed + 0x9E3779B97F4A7C15L * (kind + 1));
        int times = (int) (draw & TIMES_MASK);
        for (int i = 0; i < times; i++) {
            draw = Randomness.mix(draw);
            if (1 + Long.remainderUnsigned(draw, expected[kind]) == chance) {
                return true;
            }
        }
        return false;
    }

    /** How many chances there are, as the schedule tells that was made last. */
    void learn(Interruptions points) {
        for (int kind = 0; kind < expected.length; kind++) {
            expected[kind] = Math.max(expected[kind], points.chances(kind));
        }
    }
}
