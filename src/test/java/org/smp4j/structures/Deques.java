package org.smp4j.structures;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.linear.Operation;
import org.smp4j.linear.Range;

/** A deque for work stealing, by Chase and Lev: its owner pushes and pops, others steal. */
public class Deques {
    private static final int SIZE = 16;
    private static final int EMPTY = -1;
    private final AtomicInteger top = new AtomicInteger();
    private final AtomicInteger bottom = new AtomicInteger();
    private final AtomicIntegerArray elements = new AtomicIntegerArray(SIZE);

    @Operation(nonParallel = "owner")
    public void push(@Range(from = 1, to = 3) int value) {
        int at = bottom.get();
        elements.set(at % SIZE, value);
        bottom.set(at + 1);
    }

    @Operation(nonParallel = "owner")
    public int pop() {
        int at = bottom.get() - 1;
        bottom.set(at);
        int first = top.get();
        if (first > at) {
            bottom.set(first);
            return EMPTY;
        }
        int value = elements.get(at % SIZE);
        if (first == at) {
            boolean mine = last(top, first);
            bottom.set(first + 1);
            return mine ? value : EMPTY;
        }
        return value;
    }

    @Operation
    public int steal() {
        for (;;) {
            int first = top.get();
            if (first >= bottom.get()) {
                return EMPTY;
            }
            int value = elements.get(first % SIZE);
            if (top.compareAndSet(first, first + 1)) {
                return value;
            }
        }
    }

    /** Takes the last element, for which a thief may compete. */
    boolean last(AtomicInteger of, int first) {
        return of.compareAndSet(first, first + 1);
    }

    /** Takes the last element without a competition. */
    public static final class Greedy extends Deques {
        @Override
        boolean last(AtomicInteger of, int first) {
            of.set(first + 1);
            return true;
        }
    }
}
