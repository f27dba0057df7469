package org.smp4j.selftest;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Task;

/** Scenarios of tasks that wait and are woken. */
public final class Wakes {
    private Wakes() {
    }

    /**
     * A task waits twice; two others, on two other CPUs, end one wait each, the second when the second begins. It stays
     * until both are done with it.
     */
    public static final class WaitTwice extends TaskScenario {
        private final AtomicInteger done = new AtomicInteger();

        // Written by: the first waker. Read by: the waiter. Ordering: volatile, before the wake-up.
        private volatile boolean first;
        // Written by: the waiter, between its waits. Read by: the second waker. Ordering: volatile.
        private volatile boolean again;
        // Written by: the second waker. Read by: the waiter. Ordering: volatile, before the wake-up.
        private volatile boolean second;

        /** Made for each run. */
        public WaitTwice() {
            super(3);
        }

        @Override
        protected void play() {
            Task waiter = task(1, "waiter", () -> {
                while (!first) {
                    Task.current().block();
                }
                again = true;
                while (!second) {
                    Task.current().block();
                }
                while (done.get() < 2) {
                    Waiter.current().relax(0);
                }
            });
            task(0, "first", () -> {
                first = true;
                waiter.wake();
                done.incrementAndGet();
            });
            task(2, "second", () -> {
                while (!again) {
                    Waiter.current().relax(0);
                }
                second = true;
                waiter.wake();
                done.incrementAndGet();
            });
        }
    }
}
