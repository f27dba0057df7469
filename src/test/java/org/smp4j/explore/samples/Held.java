package org.smp4j.explore.samples;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Two threads meet in a static atomic, in elements of arrays of two objects, and in an atomic that no field holds. */
public final class Held implements Runnable {
    private static final AtomicInteger TOTAL = new AtomicInteger();
    private final Row first = new Row();
    private final Row second = new Row();

    private static final class Row {
        private final int[] cells = new int[2];
        private final AtomicIntegerArray marks = new AtomicIntegerArray(2);
    }

    @Override
    public void run() {
        AtomicInteger turns = new AtomicInteger();
        Thread other = new Thread(() -> {
            first.cells[1]++;
            first.marks.set(0, 1);
            second.marks.set(1, 1);
            turns.set(turns.get() + 1);
            TOTAL.set(TOTAL.get() + 1);
        }, "other");
        other.start();
        first.cells[1]++;
        turns.set(turns.get() + 1);
        TOTAL.set(TOTAL.get() + first.marks.get(0) + second.marks.get(1) + 1);
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        assert TOTAL.get() == 2 && first.cells[1] == 2 && turns.get() == 2;
    }
}
