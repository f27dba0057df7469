package org.smp4j.hotplug;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.sched.PlayedTask;
import org.smp4j.sched.SmpbootThreads;
import org.smp4j.sched.Workqueue;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopBench;

/**
 * The claim that everything was built around: a sender that checks {@code cpu_online} and queues a call with preemption
 * off excludes the target's going offline, because the target clears its bit, and flushes its queue for the last time,
 * inside a stop of all CPUs. CPU 0 leaves, CPU 1 sends. The twins leave out one piece each.
 *
 * <p>Results: whether the call was accepted, whether it ran, whether the dead CPU's queue has something left.
 */
public class SeedStress {
    private static final CpuMask LEAVING = CpuMask.of(2, 0);
    private static final int LONGEST = 400; // poll points; about as long as a stop takes

    private SeedStress() {
    }

    /**
     * CPU 0, in the state in which {@code takedown_cpu} finds it, and its take-down. The stop comes from CPU 0 itself,
     * which is not active any more, so that two threads are enough.
     */
    public abstract static class CpuThatLeaves extends StopBench {
        final TakeDown takeDown;
        // No delays where the explorer chooses which CPU goes on; a random number could not be explored.
        final int longest = LONGEST - Exploring.reduce(LONGEST);
        final int patience = (int) ((System.nanoTime() * 0x9e3779b97f4a7c15L >>> 33) % (longest + 1));
        volatile boolean down;
        volatile int accepted;
        int ran; // CPU 0's

        CpuThatLeaves() {
            CpuhpSteps steps = new CpuhpSteps(cpus.warnings);
            StepEngine engine = new StepEngine(cpus, steps);
            CpuhpCpuState[] states =
                    {new CpuhpCpuState(0, CpuhpState.TEARDOWN_CPU - 1), new CpuhpCpuState(1, CpuhpState.ONLINE)};
            states[0].target = CpuhpState.OFFLINE;
            SyncProtocol sync = new SyncProtocol(cpus, scheduler.timers());
            BringUp bringUp =
                    new BringUp(cpus, scheduler, engine, new CpuhpThread(cpus, engine, hotplugLock, states),
                    stopMachine, states, sync);
            takeDown = new TakeDown(cpus, smp, scheduler.rcu(), engine, stopMachine, states, sync);
            new CoreStates(cpus, smp, irqWorks, scheduler, new SmpbootThreads(scheduler, hotplugLock),
                    new Workqueue(scheduler))
                    .register(steps, bringUp, takeDown);
            cpus.setCpuActive(0, false);
        }

        /** Takes CPU 0 down as shipped. */
        final void leave() {
            try (PlayedTask self = sit(0)) {
                self.idle(); // a CPU is vacated before it leaves
                stopMachine.stopMachineFromInactiveCpu(TakeDown.TAKE_CPU_DOWN, takeDown, LEAVING);
                down = true;
            }
        }

        /**
         * Stops all CPUs for another function; CPU 0 takes no interrupt from the beginning on, as it does not when it
         * is dead.
         */
        final void leaveWith(CpuStopFn function, Runnable afterwards) {
            try (PlayedTask self = sit(0)) {
                cpus.cpu(0).irqSave(); // for good
                stopMachine.stopMachineFromInactiveCpu(function, null, LEAVING);
                afterwards.run();
                down = true;
                self.die();
            }
        }

        /** Passes some time, so that the sender is sometimes early and sometimes late. */
        final void dally(PlayedTask self) {
            for (int turn = 0; turn < patience; turn++) {
                self.serve();
            }
        }

        /** Goes on with what a task does until CPU 0 is down. */
        final void goOn(PlayedTask self) {
            for (int turn = 0; !down; turn++) {
                self.serve(turn);
            }
        }

        /** The last flush, as the DYING step does it. */
        final void flush() {
            smp.smpcfdDyingCpu();
            irqWorks.irqWorkRun();
        }

        /** Checks that CPU 0 is online and queues a work there, with a poll point between. */
        final void checkThenQueue(Runnable pollPoint) {
            if (cpus.online.testCpu(0)) {
                pollPoint.run();
                irqWorks.irqWorkQueueOn(IrqWork.of(work -> ran++), 0);
                accepted = 1;
            }
        }

        /** A no-wait call to CPU 0, as shipped. */
        final void call() {
            accepted = smp.smpCallFunctionSingle(0, info -> ran++, null, false) == 0 ? 1 : 0;
        }

        /** The same without a csd of the CPU's own, for every context. */
        final void callAsync() {
            accepted = smp.smpCallFunctionSingleAsync(0, new Csd(info -> ran++, null)) == 0 ? 1 : 0;
        }

        final void look(III_Result r) {
            r.r1 = accepted;
            r.r2 = ran;
            r.r3 = (cpus.cpu(0).callSingleQueue().isEmpty() ? 0 : 1) + 10 * cpus.warnings.count();
        }
    }

    /** A no-wait call that was accepted runs, exactly once; one that was refused never. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "run although refused, or run by a CPU that is offline")
    @State
    public static class AcceptedCallRuns extends CpuThatLeaves {
        @Actor
        public void target() {
            leave();
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                call();
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /**
     * A call that is waited for returns: it is served before the CPU leaves, or refused. A lost one would hang the
     * test.
     */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "run although refused, or run by a CPU that is offline")
    @State
    public static class WaitingCallReturns extends CpuThatLeaves {
        @Actor
        public void target() {
            leave();
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                accepted = smp.smpCallFunctionSingle(0, info -> ran++, null, true) == 0 ? 1 : 0;
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** A broadcast reaches the CPU or leaves it out. A lost call would hang the test. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "run although refused, or run by a CPU that is offline")
    @State
    public static class BroadcastReachesOrLeavesOut extends CpuThatLeaves {
        @Actor
        public void target() {
            leave();
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                smp.onEachCpuCond((cpu, info) -> cpu != 0 || ++accepted > 0, info -> {
                    if (Cpu.rawSmpProcessorId() == 0) {
                        ran++;
                    }
                }, null, true);
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** A sender with IRQs off is as safe as one with preemption off. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "run although refused, or run by a CPU that is offline")
    @State
    public static class CallWithIrqsOff extends CpuThatLeaves {
        @Actor
        public void target() {
            leave();
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                boolean flags = cpus.cpu(1).irqSave();
                callAsync();
                cpus.cpu(1).irqRestore(flags);
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /**
     * A sender in an interrupt handler, which comes before the stop or while its CPU is in it: the phase with IRQs off
     * keeps it out of the rest.
     */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "run although refused, or run by a CPU that is offline")
    @State
    public static class CallFromAnInterrupt extends CpuThatLeaves {
        public CallFromAnInterrupt() {
            cpus.installTimer(cpu -> callAsync());
            takeDown.archCpuDisable(cpu -> {
                interrupt(!early()); // while every CPU is stopped, right before the bit is cleared
                return 0;
            });
        }

        private boolean early() {
            return patience < LONGEST / 2;
        }

        private void interrupt(boolean now) {
            if (now) {
                cpus.cpu(1).sendInterrupt(PendingWord.TIMER);
            }
        }

        @Actor
        public void target() {
            interrupt(early());
            leave();
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Check and queueing with preemption off, and a poll point between: the stop does not get in. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "run although refused, or run by a CPU that is offline")
    @State
    public static class CheckAndQueueWithPreemptionOff extends CpuThatLeaves {
        @Actor
        public void target() {
            leave();
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                Preempt.disable();
                checkThenQueue(() -> cpus.cpu(1).poll());
                Preempt.enable();
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link CheckAndQueueWithPreemptionOff}: preemption is on. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = ACCEPTABLE_INTERESTING, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "not even this can happen")
    @State
    public static class CheckAndQueuePreemptible extends CpuThatLeaves {
        private int takeDown(Object data) {
            cpus.setCpuOnline(0, false);
            flush();
            return 0;
        }

        @Actor
        public void target() {
            leaveWith(this::takeDown, () -> { });
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                checkThenQueue(self::serve);
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Within the stop the order of the bit and the last flush is free: every CPU has IRQs off. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = FORBIDDEN, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "run although refused, or run by a CPU that is offline")
    @State
    public static class FlushBeforeTheBitWithinTheStop extends CpuThatLeaves {
        private int takeDown(Object data) {
            flush();
            cpus.setCpuOnline(0, false);
            return 0;
        }

        @Actor
        public void target() {
            leaveWith(this::takeDown, () -> { });
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                call();
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link AcceptedCallRuns}: the bit is cleared when the stop is over, not within it. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = ACCEPTABLE_INTERESTING, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "not even this can happen")
    @State
    public static class BitClearedAfterTheStop extends CpuThatLeaves {
        private int takeDown(Object data) {
            flush();
            return 0;
        }

        @Actor
        public void target() {
            leaveWith(this::takeDown, () -> cpus.setCpuOnline(0, false));
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                call();
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link AcceptedCallRuns}: there is no last flush. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = ACCEPTABLE_INTERESTING, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "not even this can happen")
    @State
    public static class WithoutTheLastFlush extends CpuThatLeaves {
        private int takeDown(Object data) {
            cpus.setCpuOnline(0, false);
            return 0;
        }

        @Actor
        public void target() {
            leaveWith(this::takeDown, () -> { });
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                call();
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link AcceptedCallRuns}: the bit is cleared and the queue flushed without a stop. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = ACCEPTABLE_INTERESTING, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "not even this can happen")
    @State
    public static class WithoutTheStop extends CpuThatLeaves {
        @Actor
        public void target() {
            try (PlayedTask self = sit(0)) {
                cpus.cpu(0).irqSave(); // for good
                for (int turn = patience / 2; turn < longest / 2; turn++) {
                    Thread.onSpinWait();
                }
                cpus.setCpuOnline(0, false);
                flush();
                down = true;
                self.die();
            }
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                dally(self);
                call();
                goOn(self);
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }

    /** Weakened twin of {@link CallFromAnInterrupt}: CPU 1 is in the stop, but with IRQs on. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE, desc = "accepted, and run, at the latest in the last flush")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "refused: the CPU is offline")
    @Outcome(id = "1, 0, .*", expect = ACCEPTABLE_INTERESTING, desc = "accepted, and lost on a dead CPU")
    @Outcome(expect = FORBIDDEN, desc = "not even this can happen")
    @State
    public static class InterruptWithoutTheIrqPhase extends CpuThatLeaves {
        volatile boolean entered;

        public InterruptWithoutTheIrqPhase() {
            cpus.installTimer(cpu -> callAsync());
        }

        @Actor
        public void target() {
            try (PlayedTask self = sit(0)) {
                for (int turn = 0; !entered; turn++) {
                    self.relax(turn);
                }
                cpus.cpu(0).irqSave(); // for good
                cpus.cpu(1).sendInterrupt(PendingWord.TIMER);
                cpus.setCpuOnline(0, false);
                flush();
                down = true;
                self.die();
            }
        }

        @Actor
        public void sender() {
            try (PlayedTask self = sit(1)) {
                Preempt.disable(); // as a stopper
                entered = true;
                for (int turn = 0; !down; turn++) {
                    self.relax(turn);
                }
                Preempt.enable();
            }
        }

        @Arbiter
        public void end(III_Result r) {
            look(r);
        }
    }
}
