package org.smp4j.stop;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.CpuMask;

/** The barrier that takes all CPUs through the states of a stop, {@link MultiStop}, with two CPUs in it. */
public class MultiStopStress {
    private MultiStopStress() {
    }

    /**
     * The function runs on one CPU while the other is inside: it sees what that did before, and that sees what it did.
     */
    @JCStressTest
    @Outcome(id = "1, 1, 1", expect = ACCEPTABLE,
            desc = "the other CPU was inside from before the function until after it")
    @Outcome(expect = FORBIDDEN, desc = "the function ran while the other CPU was not stopped")
    @State
    public static class EachCpuIsInside {
        final Cpus cpus = new Cpus(2);
        int before;
        int during;
        int seen;
        final MultiStop stop = new MultiStop(data -> {
            seen = before;
            during = 1;
            return 0;
        }, null, 2, CpuMask.of(2, 0));

        @Actor
        public void runs(III_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                stop.run(cpus.cpu(0));
                r.r1 = seen;
                r.r3 = during;
            }
        }

        @Actor
        public void waits(III_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                before = 1;
                stop.run(cpus.cpu(1));
                r.r2 = during;
            }
        }
    }

    /** Each CPU of the mask runs the function once and returns its own result; all leave with IRQs on. */
    @JCStressTest
    @Outcome(id = "10, 11, 2", expect = ACCEPTABLE, desc = "each ran it once")
    @Outcome(expect = FORBIDDEN, desc = "a CPU ran it twice or not at all, or returned the other's result")
    @State
    public static class EachOfTheMaskRunsIt {
        final Cpus cpus = new Cpus(2);
        final AtomicInteger runs = new AtomicInteger();
        final MultiStop stop = new MultiStop(data -> {
            runs.incrementAndGet();
            return 10 + Cpu.rawSmpProcessorId();
        }, null, 2, CpuMask.of(2, 0, 1));

        private int run(int cpu) {
            try (Sitter _ = cpus.cpu(cpu).sit()) {
                return stop.run(cpus.cpu(cpu));
            }
        }

        @Actor
        public void cpu0(III_Result r) {
            r.r1 = run(0);
        }

        @Actor
        public void cpu1(III_Result r) {
            r.r2 = run(1);
        }

        @Arbiter
        public void look(III_Result r) {
            r.r3 = runs.get();
        }
    }

    /** CPU 0's function sends CPU 1 an interrupt and looks whether it is served meanwhile. */
    public abstract static class InterruptDuringRun {
        private static final int LONG = 100;
        final Cpus cpus = new Cpus(2);
        volatile boolean running;
        int servedDuring; // CPU 1's
        int served; // CPU 1's

        InterruptDuringRun() {
            cpus.installCallFunction(cpu -> {
                served++;
                servedDuring += running ? 1 : 0;
            });
        }

        final int function(Object data) {
            running = true;
            cpus.cpu(1).sendInterrupt(PendingWord.CALL);
            for (int turn = 0; turn < LONG; turn++) {
                Thread.onSpinWait();
            }
            running = false;
            return 0;
        }

        void look(II_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                cpus.cpu(1).poll();
            }
            r.r1 = servedDuring;
            r.r2 = served;
        }
    }

    /** While the function runs no CPU takes an interrupt; it is taken afterwards. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the interrupt was taken when the stop was over")
    @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "an interrupt handler ran during the stop")
    @Outcome(expect = FORBIDDEN, desc = "the interrupt is lost")
    @State
    public static class NoInterruptDuringRun extends InterruptDuringRun {
        final MultiStop stop = new MultiStop(this::function, null, 2, CpuMask.of(2, 0));

        private void run(int cpu) {
            try (Sitter _ = cpus.cpu(cpu).sit()) {
                stop.run(cpus.cpu(cpu));
            }
        }

        @Actor
        public void cpu0() {
            run(0);
        }

        @Actor
        public void cpu1() {
            run(1);
        }

        @Arbiter
        public void end(II_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link NoInterruptDuringRun}: a barrier without the phase that switches IRQs off. */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the interrupt was taken when the stop was over")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "an interrupt handler ran during the stop")
    @Outcome(expect = FORBIDDEN, desc = "the interrupt is lost")
    @State
    public static class BarrierWithoutTheIrqPhase extends InterruptDuringRun {
        volatile boolean entered;
        volatile boolean left;

        @Actor
        public void cpu0() {
            try (Sitter self = cpus.cpu(0).sit()) {
                for (int turn = 0; !entered; turn++) {
                    self.relax(turn);
                }
                function(null);
                left = true;
            }
        }

        @Actor
        public void cpu1() {
            try (Sitter self = cpus.cpu(1).sit()) {
                entered = true;
                for (int turn = 0; !left; turn++) {
                    self.relax(turn);
                }
            }
        }

        @Arbiter
        public void end(II_Result r) {
            look(r);
        }
    }

    /**
     * A CPU that waits for a call of its own before it comes to the stop gets it served: the first phase has IRQs on.
     */
    @JCStressTest
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the call was served, then the CPU joined the stop")
    @Outcome(expect = FORBIDDEN, desc = "the call failed, or the function did not run")
    @State
    public static class PrepareServesCalls {
        final Cpus cpus = new Cpus(2);
        final Smp smp = new Smp(cpus);
        int ran;
        final MultiStop stop = new MultiStop(data -> ++ran, null, 2, CpuMask.of(2, 1));

        @Actor
        public void callsFirst(II_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                r.r1 = smp.smpCallFunctionSingle(1, info -> { }, null, true);
                stop.run(cpus.cpu(0));
                r.r2 = ran;
            }
        }

        @Actor
        public void isThereAlready() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                stop.run(cpus.cpu(1));
            }
        }
    }

    /**
     * Weakened twin of the order in which {@link MultiStop} advances: the state first, then the count of the CPUs
     * that have to ack it.
     */
    @JCStressTest
    @Outcome(id = {"0", "1"}, expect = ACCEPTABLE, desc = "each ack was counted")
    @Outcome(id = "2", expect = ACCEPTABLE_INTERESTING,
            desc = "an ack was overwritten by the new count: the barrier hangs")
    @State
    public static class StateBeforeTheCount {
        private static final int PATIENCE = 50;
        volatile int state = MultiStop.PREPARE;
        final AtomicInteger threadAck = new AtomicInteger();
        int notSeen; // the other CPU's: it gave up, and acks only now

        @Actor
        public void advances() {
            state = MultiStop.DISABLE_IRQ;
            threadAck.set(2);
            threadAck.decrementAndGet();
        }

        @Actor
        public void acks() {
            int turn = 0;
            while (state != MultiStop.DISABLE_IRQ && turn++ < PATIENCE) {
                Thread.onSpinWait();
            }
            if (state == MultiStop.DISABLE_IRQ) {
                threadAck.decrementAndGet();
            } else {
                notSeen = 1;
            }
        }

        @Arbiter
        public void look(I_Result r) {
            int left = threadAck.get() - notSeen;
            r.r1 = left == 0 ? notSeen : 2;
        }
    }
}
