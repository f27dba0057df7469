package org.smp4j.lib;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Sitter;

/** {@link Completion} between two CPUs. */
public class CompletionStress {
    private CompletionStress() {
    }

    /** A waiter sees what was written before {@code complete}. */
    @JCStressTest
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "the wait ended after the write")
    @Outcome(expect = FORBIDDEN, desc = "the wait ended too early")
    @State
    public static class CompletePublishes {
        final Cpus cpus = new Cpus(2);
        final Completion completion = new Completion();
        int data;

        @Actor
        public void completer() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                data = 42;
                completion.complete();
            }
        }

        @Actor
        public void waiter(I_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                completion.waitForCompletion();
                r.r1 = data;
            }
        }
    }

    /** One {@code complete} lets one of two go. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "one of the two took it")
    @Outcome(expect = FORBIDDEN, desc = "both took it, or neither did")
    @State
    public static class OneCompleteLetsOneGo {
        final Cpus cpus = new Cpus(2);
        final Completion completion = new Completion();

        public OneCompleteLetsOneGo() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                completion.complete();
            }
        }

        @Actor
        public void waiter1(II_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                r.r1 = completion.tryWaitForCompletion() ? 1 : 0;
            }
        }

        @Actor
        public void waiter2(II_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                r.r2 = completion.tryWaitForCompletion() ? 1 : 0;
            }
        }
    }

    /** Two {@code complete}s let two go. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "two may go, a third waits")
    @Outcome(expect = FORBIDDEN, desc = "one of them was lost: a waiter sleeps for ever")
    @State
    public static class CompletesAddUp {
        final Cpus cpus = new Cpus(2);
        final Completion completion = new Completion();

        private void complete(int cpu) {
            try (Sitter _ = cpus.cpu(cpu).sit()) {
                completion.complete();
            }
        }

        @Actor
        public void completer1() {
            complete(0);
        }

        @Actor
        public void completer2() {
            complete(1);
        }

        @Arbiter
        public void waiters(I_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                for (int waiter = 0; waiter < 3; waiter++) {
                    r.r1 += completion.tryWaitForCompletion() ? 1 : 0;
                }
            }
        }
    }

    /** Weakened twin of {@link CompletesAddUp}: the count is changed without the lock. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "they did not meet")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "one of them is lost: a waiter sleeps for ever")
    @State
    public static class CountWithoutTheLock {
        volatile int done;

        @Actor
        public void completer1() {
            done = done + 1;
        }

        @Actor
        public void completer2() {
            done = done + 1;
        }

        @Arbiter
        public void waiters(I_Result r) {
            r.r1 = done;
        }
    }

    /** A wait that has begun ends. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the waiter was woken")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the waiter waits for ever")
    @State
    public static class WaiterIsWoken {
        final Cpus cpus = new Cpus(2);
        final Completion completion = new Completion();

        @Actor
        public void waiter() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                completion.waitForCompletion();
            }
        }

        @Signal
        public void completer() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                completion.complete();
            }
        }
    }
}
