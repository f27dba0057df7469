package org.smp4j.call;

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
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.IdleWait;
import org.smp4j.cpu.IrqStats;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;

/** The call queue and its interrupt: whatever is queued, something is on the way that has the target look. */
public class CallQueueStress {
    private CallQueueStress() {
    }

    /** Two senders, one target that does not look meanwhile: both calls run, for one interrupt. */
    @JCStressTest
    @Outcome(id = "2, 1", expect = ACCEPTABLE, desc = "both calls, one interrupt")
    @Outcome(expect = FORBIDDEN, desc = "a call is lost, or each sent an interrupt")
    @State
    public static class OneInterruptForABatch {
        final Cpus cpus = new Cpus(3);
        final Smp smp = new Smp(cpus);
        int runs;

        private void send(int from) {
            try (Sitter _ = cpus.cpu(from).sit()) {
                smp.smpCallFunctionSingle(2, info -> runs++, null, false);
            }
        }

        @Actor
        public void sender0() {
            send(0);
        }

        @Actor
        public void sender1() {
            send(1);
        }

        @Arbiter
        public void target(II_Result r) {
            try (Sitter _ = cpus.cpu(2).sit()) {
                cpus.cpu(2).poll();
            }
            r.r1 = runs;
            r.r2 = (int) cpus.cpu(2).irqStats().get(IrqStats.Kind.CAL);
        }
    }

    /** A call that is sent while an interrupt is pending or a flush is under way runs too. */
    @JCStressTest
    @Outcome(id = "1, 2", expect = ACCEPTABLE, desc = "not part of that flush: it has an interrupt of its own")
    @Outcome(id = "2, 2", expect = ACCEPTABLE, desc = "part of that flush")
    @Outcome(expect = FORBIDDEN, desc = "a call is queued, and no interrupt pending: it is lost")
    @State
    public static class CallDuringAFlush extends TwoCpus {
        int runs;

        public CallDuringAFlush() {
            send();
        }

        private void send() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingleAsync(1, new Csd(info -> runs++, null));
            }
        }

        @Actor
        public void sender() {
            send();
        }

        @Actor
        public void target(II_Result r) {
            poll(1);
            r.r1 = runs;
        }

        @Arbiter
        public void look(II_Result r) {
            poll(1);
            r.r2 = runs;
        }
    }

    /** A sender's calls run in the order in which it sent them, over however many flushes. */
    @JCStressTest
    @Outcome(id = "123", expect = ACCEPTABLE, desc = "first in, first out")
    @Outcome(expect = FORBIDDEN, desc = "out of order, or lost")
    @State
    public static class CallsRunInOrder extends TwoCpus {
        int ran;

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                for (int call = 1; call <= 3; call++) {
                    smp.smpCallFunctionSingleAsync(1, new Csd(info -> ran = ran * 10 + (int) info, call));
                }
            }
        }

        @Actor
        public void target() {
            poll(1);
            poll(1);
        }

        @Arbiter
        public void look(I_Result r) {
            poll(1);
            r.r1 = ran;
        }
    }

    /** An interrupt whose calls were run already finds nothing, and that is fine. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the call ran once, without a warning")
    @Outcome(expect = FORBIDDEN, desc = "the call is lost or ran twice, or there was a warning")
    @State
    public static class LateInterruptFindsNothing extends TwoCpus {
        int runs;

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingle(1, info -> runs++, null, false);
            }
        }

        @Actor
        public void target() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                smp.flushSmpCallFunctionQueue();
            }
        }

        @Arbiter
        public void look(II_Result r) {
            poll(1);
            r.r1 = runs;
            r.r2 = cpus.warnings.count();
        }
    }

    /** A target that polls in idle is asked without an interrupt; it takes the request, then looks at its queue. */
    @JCStressTest
    @Outcome(id = {"1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "the call ran, for a request or for an interrupt")
    @Outcome(expect = FORBIDDEN, desc = "the call is queued, and the target has no reason to look")
    @State
    public static class PollingTargetIsAsked extends TwoCpus {
        int runs;

        public PollingTargetIsAsked() {
            makePolling(cpus.cpu(1));
        }

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingle(1, info -> runs++, null, false);
            }
        }

        @Actor
        public void idle() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                look(cpus.cpu(1));
            }
        }

        private void look(Cpu here) {
            here.clearNeedResched();
            smp.flushSmpCallFunctionQueue();
        }

        @Arbiter
        public void lookAgainIfAsked(II_Result r) {
            Cpu here = cpus.cpu(1);
            try (Sitter _ = here.sit()) {
                if (here.needResched()) {
                    look(here);
                }
                here.poll();
            }
            r.r1 = runs;
            r.r2 = (int) here.irqStats().get(IrqStats.Kind.CAL);
        }
    }

    /** Weakened twin of {@link PollingTargetIsAsked}: the target looks at its queue, then takes the request. */
    @JCStressTest
    @Outcome(id = {"1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "the call ran, for a request or for an interrupt")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "the call is queued, and the target has no reason to look")
    @State
    public static class RequestTakenAfterTheLook extends TwoCpus {
        int runs;

        public RequestTakenAfterTheLook() {
            makePolling(cpus.cpu(1));
        }

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingle(1, info -> runs++, null, false);
            }
        }

        @Actor
        public void idle() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                look(cpus.cpu(1));
            }
        }

        private void look(Cpu here) {
            smp.flushSmpCallFunctionQueue();
            here.clearNeedResched();
        }

        @Arbiter
        public void lookAgainIfAsked(II_Result r) {
            Cpu here = cpus.cpu(1);
            try (Sitter _ = here.sit()) {
                if (here.needResched()) {
                    look(here);
                }
                here.poll();
            }
            r.r1 = runs;
            r.r2 = (int) here.irqStats().get(IrqStats.Kind.CAL);
        }
    }

    /** A waiting call to a CPU in its idle loop returns, polling or parked. A lost wake-up would hang the test. */
    @JCStressTest
    @Outcome(id = "0, 42", expect = ACCEPTABLE, desc = "the idle CPU served the call")
    @Outcome(expect = FORBIDDEN, desc = "the call returned too early")
    @State
    public static class IdleCpuServesACall extends TwoCpus {
        int result;
        boolean served; // CPU 1's

        @Actor
        public void sender(II_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                r.r1 = smp.smpCallFunctionSingle(1, info -> {
                    result = 42;
                    served = true;
                }, null, true);
                r.r2 = result;
            }
        }

        @Actor
        public void idle() {
            Cpu here = cpus.cpu(1);
            try (Sitter _ = here.sit()) {
                while (!served) {
                    IdleWait.await(here);
                    here.poll();
                    here.clearNeedReschedInPolling();
                    smp.flushSmpCallFunctionQueue();
                }
            }
        }
    }

    /** A CPU that has been idle for long, and is parked, wakes for a call. */
    @JCStressTest(Mode.Termination)
    @Outcome(id = "TERMINATED", expect = ACCEPTABLE, desc = "the CPU woke and ran the call")
    @Outcome(id = "STALE", expect = FORBIDDEN, desc = "the CPU sleeps for ever")
    @State
    public static class ParkedCpuServesACall extends TwoCpus {
        boolean served; // CPU 1's

        @Actor
        public void idle() {
            Cpu here = cpus.cpu(1);
            try (Sitter _ = here.sit()) {
                while (!served) {
                    IdleWait.await(here);
                    here.poll();
                    here.clearNeedReschedInPolling();
                    smp.flushSmpCallFunctionQueue();
                }
            }
        }

        @Signal
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingle(1, info -> served = true, null, false);
            }
        }
    }

    /** Two broadcasts cross: each CPU runs both functions, and both callers have waited for theirs. */
    @JCStressTest
    @Outcome(id = "2, 2, 4", expect = ACCEPTABLE, desc = "each function ran on both CPUs")
    @Outcome(expect = FORBIDDEN, desc = "a broadcast returned too early, or left out a CPU")
    @State
    public static class BroadcastsCross extends TwoCpus {
        final int[][] ran = new int[2][2]; // by caller and CPU; each element one CPU's

        private int callAll(int own) {
            try (Sitter self = cpus.cpu(own).sit()) {
                smp.onEachCpu(info -> ran[own][Cpu.rawSmpProcessorId()]++, null, true);
                int got = ran[own][0] + ran[own][1];
                for (int turn = 0; ran[1 - own][own] == 0; turn++) {
                    self.relax(turn);
                }
                return got;
            }
        }

        @Actor
        public void cpu0(III_Result r) {
            r.r1 = callAll(0);
        }

        @Actor
        public void cpu1(III_Result r) {
            r.r2 = callAll(1);
        }

        @Arbiter
        public void look(III_Result r) {
            r.r3 = ran[0][0] + ran[0][1] + ran[1][0] + ran[1][1];
        }
    }

    /**
     * A no-wait call and an interrupt of another kind, both to a CPU that does not look meanwhile, leave both bits
     * pending.
     */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both are taken")
    @Outcome(expect = FORBIDDEN, desc = "one of the two is lost")
    @State
    public static class InterruptsOfTwoKinds {
        final Cpus cpus = new Cpus(3);
        final Smp smp = new Smp(cpus);
        int runs;

        @Actor
        public void sender0() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                smp.smpCallFunctionSingle(2, info -> runs++, null, false);
            }
        }

        @Actor
        public void sender1() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                cpus.cpu(2).sendInterrupt(PendingWord.RESCHED);
            }
        }

        @Arbiter
        public void target(II_Result r) {
            try (Sitter _ = cpus.cpu(2).sit()) {
                cpus.cpu(2).poll();
            }
            r.r1 = runs;
            r.r2 = (int) cpus.cpu(2).irqStats().get(IrqStats.Kind.RES);
        }
    }
}
