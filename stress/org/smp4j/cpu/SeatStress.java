package org.smp4j.cpu;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/** The seat of a {@link Cpu}: one sitter at a time, and what is handed on with it. */
public class SeatStress {
    private SeatStress() {
    }

    /** Two threads that sit down on the same CPU do so one after the other, or one of them is refused. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "the seat was taken, and the other refused")
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one sat after the other")
    @Outcome(expect = FORBIDDEN, desc = "both sat at once, or neither did")
    @State
    public static class OneSitsAtATime {
        final Cpus cpus = new Cpus(1);
        int inside; // the sitter's

        private int sit() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                int others = inside++;
                inside--;
                return others == 0 ? 1 : 9;
            } catch (IllegalStateException e) {
                return 0;
            }
        }

        @Actor
        public void one(II_Result r) {
            r.r1 = sit();
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = sit();
        }
    }

    /** The next sitter finds preempt count, IRQ flag and everything else as the one before left it. */
    @JCStressTest
    @Outcome(id = "1, 1, 42", expect = ACCEPTABLE, desc = "handed on as it was")
    @Outcome(expect = FORBIDDEN, desc = "the new sitter has a stale CPU")
    @State
    public static class SeatPassesWithItsState {
        final Cpus cpus = new Cpus(1);
        final Sitter next = new Sitter(cpus);
        int data;

        @Actor
        public void leaves() {
            Sitter self = cpus.cpu(0).sit();
            Preempt.disable();
            LocalIrq.disable();
            data = 42;
            while (next.thread() == null) {
                Thread.onSpinWait();
            }
            self.passSeatTo(next);
        }

        @Actor
        public void comes(III_Result r) {
            next.attach(Thread.currentThread());
            next.awaitSeat();
            r.r1 = Preempt.count();
            r.r2 = LocalIrq.disabled() ? 1 : 0;
            r.r3 = data;
            LocalIrq.enable();
            Preempt.enable();
            next.close();
        }
    }
}
