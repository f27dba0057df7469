package org.smp4j.explore.protocol;

import java.util.concurrent.atomic.AtomicInteger;

/** Failures that a run can reach by a detour or by a short way. */
public final class Detours {
    private Detours() {
    }

    /**
     * The first thread looks twice in each round, and fails if it was a little late in all rounds, or very late in half
     * of them. Many other threads only make steps.
     */
    public static final class LateAgain implements Runnable {
        private static final int ROUNDS = 6;
        private static final int MUCH = 10;
        private static final int OTHERS = 10;

        private volatile int round;
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicInteger noise = new AtomicInteger();

        /** Makes a fresh one. */
        public LateAgain() {
        }

        private void look() {
            int little = 0;
            int much = 0;
            for (int i = 1; i <= ROUNDS; i++) {
                round = i;
                int before = done.get();
                int late = done.get() - before;
                little += late > 0 && late < MUCH ? 1 : 0;
                much += late >= MUCH ? 1 : 0;
            }
            if (little == ROUNDS || much == ROUNDS / 2) {
                throw new AssertionError("late");
            }
        }

        private void work() {
            for (int i = 1; i <= ROUNDS; i++) {
                while (round < i) {
                    Thread.onSpinWait();
                }
                for (int n = 0; n < MUCH; n++) {
                    done.incrementAndGet();
                }
            }
        }

        @Override
        public void run() {
            Runnable[] bodies = new Runnable[2 + OTHERS];
            bodies[0] = this::look;
            bodies[1] = this::work;
            for (int i = 0; i < OTHERS; i++) {
                bodies[2 + i] = () -> {
                    for (int n = 0; n < MUCH; n++) {
                        noise.incrementAndGet();
                    }
                };
            }
            Small.run(bodies);
        }
    }

    /**
     * Each thread goes on until the other has been quiet for long: occasional switches are enough to keep both going.
     */
    public static final class WaitsForQuiet implements Runnable {
        private static final int QUIET = 60;

        private final AtomicInteger first = new AtomicInteger();
        private final AtomicInteger second = new AtomicInteger();

        /** Makes a fresh one. */
        public WaitsForQuiet() {
        }

        private static void goOn(AtomicInteger own, AtomicInteger other) {
            int seen = other.get();
            for (int quiet = 0; quiet < QUIET;) {
                own.incrementAndGet();
                int now = other.get();
                quiet = now == seen ? quiet + 1 : 0;
                seen = now;
            }
        }

        @Override
        public void run() {
            Small.run(() -> goOn(first, second), () -> goOn(second, first));
        }
    }
}
