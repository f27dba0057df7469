package org.smp4j.explore;

import java.util.Arrays;
import java.util.stream.LongStream;
import org.smp4j.explore.model.Randomness;

/** Counts distinct numbers in bounded memory: exactly up to a limit, beyond it the count is a lower bound. */
final class Distinct {
    private static final int MOST = 1 << 20;

    private long[] table = new long[1 << 10];
    private int size;
    private boolean zero;

    void add(long number) {
        if (number == 0) {
            zero = true;
            return;
        }
        if (2 * size >= table.length) {
            if (table.length == MOST) {
                return;
            }
            long[] old = table;
            table = new long[2 * old.length];
            size = 0;
            for (long known : old) {
                if (known != 0) {
                    add(known);
                }
            }
        }
        int slot = (int) Randomness.mix(number) & table.length - 1;
        while (table[slot] != 0) {
            if (table[slot] == number) {
                return;
            }
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = number;
        size++;
    }

    void clear() {
        table = new long[1 << 10];
        size = 0;
        zero = false;
    }

    /** {@return the count, or a lower bound} */
    long count() {
        return size + (zero ? 1 : 0);
    }

    /** {@return the numbers that were counted, in order} */
    long[] numbers() {
        return LongStream.concat(Arrays.stream(table).filter(number -> number != 0),
                LongStream.of(new long[zero ? 1 : 0])).sorted().toArray();
    }

    /** {@return whether the count is only a lower bound} */
    boolean full() {
        return 2 * size >= MOST;
    }
}
