package org.smp4j.cpu;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Mode;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.Signal;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link IdleWait}: no wake-up is lost, spinning or parked. */
public class IdleWaitStress {
    private IdleWaitStress() {
    }

    /** A CPU that parks at once against an interrupt: it wakes and takes it. A lost one would hang the test. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "the CPU woke and took the interrupt")
    @Outcome(expect = FORBIDDEN, desc = "the CPU woke for nothing")
    @State
    public static class ParkAgainstInterrupt {
        final Cpus cpus = new Cpus(2);
        int handled;

        public ParkAgainstInterrupt() {
            cpus.installCallFunction(cpu -> handled++);
            cpus.cpu(1).idleSpin = 0;
        }

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                cpus.cpu(1).sendInterrupt(PendingWord.CALL);
            }
        }

        @Actor
        public void idle(I_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                IdleWait.await(cpus.cpu(1));
                cpus.cpu(1).poll();
            }
            r.r1 = handled;
        }
    }

    /** A CPU that spins in idle ends its wait for an interrupt, and one that has parked meanwhile too. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the CPU woke")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the CPU sleeps for ever")
    @State
    public static class IdleEndsForAnInterrupt {
        final Cpus cpus = new Cpus(2);

        @Actor
        public void idle() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                IdleWait.await(cpus.cpu(1));
            }
        }

        @Signal
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                cpus.cpu(1).sendInterrupt(PendingWord.RESCHED);
            }
        }
    }

    /** A reschedule reaches an idle CPU, whether the sender finds it polling and sends no interrupt, or parked. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the CPU woke")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the CPU sleeps for ever")
    @State
    public static class IdleEndsForAReschedule {
        final Cpus cpus = new Cpus(2);

        @Actor
        public void idle() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                while (!cpus.cpu(1).needResched()) {
                    IdleWait.await(cpus.cpu(1));
                }
            }
        }

        @Signal
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                cpus.cpu(1).resched();
            }
        }
    }
}
