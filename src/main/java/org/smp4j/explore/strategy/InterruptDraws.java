package org.smp4j.explore.strategy;

import java.util.Arrays;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Interruptions;
import org.smp4j.explore.run.Strand;

/**
 * Draws when interrupts come that may come at any time. Each comes at a few of its chances, and each chance is equally
 * likely however many there are.
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

    /** {@return the number of the interrupt that comes now, one of the set bits; -1 for none} */
    int due(Interruptions points, Strand strand, int possible) {
        for (int left = possible; left != 0; left &= left - 1) {
            int number = Integer.numberOfTrailingZeros(left);
            if (isDrawn(Interruptions.kind(strand, number), points.chances(strand, number))) {
                return number;
            }
        }
        return -1;
    }

    /** Drawn from the seed alone, so that a program's interrupts do not change the other draws. */
    private boolean isDrawn(int kind, int chance) {
        long draw = Randomness.draw(seed, kind + 1);
        int times = (int) (draw & TIMES_MASK);
        for (int i = 0; i < times; i++) {
            draw = Randomness.mix(draw);
            if (1 + Long.remainderUnsigned(draw, expected[kind]) == chance) {
                return true;
            }
        }
        return false;
    }

    /** The number of chances, as the last schedule has shown. */
    void learn(Interruptions points) {
        for (int kind = 0; kind < expected.length; kind++) {
            expected[kind] = Math.max(expected[kind], points.chances(kind));
        }
    }
}
