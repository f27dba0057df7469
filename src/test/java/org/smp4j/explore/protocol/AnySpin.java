package org.smp4j.explore.protocol;

import java.util.Random;
import org.smp4j.explore.Exploring;

/**
 * Three threads read and write three fields, and the first one spins in between: what it has read before says whose
 * writes let it go on, and it need not read that again. A number chooses the steps. The last thread to end notes the
 * results of all.
 */
public final class AnySpin implements Runnable {
    /** How many numbers there are. */
    public static final int MANY = 1 << 20;

    private static final int THREADS = 3;
    private static final int SPIN = 6; // the steps below are accesses, those above are spins as well

    private volatile int first;
    private volatile int second;
    private volatile int third;
    private final long[] saw = new long[THREADS];
    private int ended;

    @Override
    public void run() {
        Random random = new Random(Exploring.reduce(MANY) * 31L);
        Thread[] threads = new Thread[THREADS];
        for (int i = 0; i < THREADS; i++) {
            int id = i;
            int[] steps = random.ints(1 + random.nextInt(i == 0 ? 4 : 3), 0, i == 0 ? SPIN + 3 : SPIN + 1).toArray();
            if (i == 0) {
                steps[steps.length - 1 - random.nextInt(Math.min(2, steps.length))] = SPIN;
            }
            threads[i] = new Thread(() -> live(id, steps), "T" + i);
        }
        Exploring.stretch(false);
        for (Thread thread : threads) {
            thread.start();
        }
    }

    private void live(int id, int[] steps) {
        Exploring.stretch(true);
        long seen = 1;
        for (int step : steps) {
            switch (step) {
                case 0 -> first = id + 1;
                case 1 -> second = id + 1;
                case 2 -> third = id + 1;
                case 3 -> seen = seen * 5 + first;
                case 4 -> seen = seen * 5 + second;
                case 5 -> seen = seen * 5 + third;
                default -> {
                    for (int turn = 0; turn < 1; turn++) {
                        Thread.onSpinWait();
                    }
                }
            }
        }
        saw[id] = seen;
        Exploring.quietly(this::tellIfLast);
    }

    private void tellIfLast() {
        if (++ended == THREADS) {
            Exploring.note(saw[0] + " " + saw[1] + " " + saw[2] + " " + first + second + third);
        }
    }
}
