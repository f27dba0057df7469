package org.smp4j.lib;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Sitter;

/** {@link RawSpinLock} between two CPUs. */
public class RawSpinLockStress {
    private RawSpinLockStress() {
    }

    /** Two CPUs add one each under the lock. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "one after the other, and the second saw what the first wrote")
    @Outcome(expect = FORBIDDEN, desc = "both were in")
    @State
    public static class HoldersExclude {
        final Cpus cpus = new Cpus(2);
        final RawSpinLock lock = new RawSpinLock();
        int counter;

        private void add(int cpu) {
            try (Sitter self = cpus.cpu(cpu).sit()) {
                int flags = lock.lock(self);
                counter++;
                lock.unlock(self, flags);
            }
        }

        @Actor
        public void cpu0() {
            add(0);
        }

        @Actor
        public void cpu1() {
            add(1);
        }

        @Arbiter
        public void sum(I_Result r) {
            r.r1 = counter;
        }
    }

    /** Weakened twin of {@link HoldersExclude}: the lock is tested, then set, in two steps. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "they did not meet")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING, desc = "both found it free, and one addition is lost")
    @State
    public static class TestThenSetLetsBothIn {
        volatile int locked;
        int counter;

        private void add() {
            while (locked != 0) {
                Thread.onSpinWait();
            }
            locked = 1;
            counter++;
            locked = 0;
        }

        @Actor
        public void cpu0() {
            add();
        }

        @Actor
        public void cpu1() {
            add();
        }

        @Arbiter
        public void sum(I_Result r) {
            r.r1 = counter;
        }
    }
}
