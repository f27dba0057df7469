package org.smp4j.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Soak.Fault;
import org.smp4j.weave.Soak.Plan;
import org.smp4j.weave.Soak.Report;

/** No accepted call is lost; and with any of four pieces missing, calls are. */
class CallSoakTest {
    private static final String TAKE_DOWN = "org.smp4j.hotplug.TakeDown";
    private static final int BROKEN_SECONDS = 50;

    /** Between a sender's look at the online mask and its queueing. */
    private static final Weave WIDENED = Weave.in(Smp.class, "genericExecSingle")
            .insert(hook(CallSoak.Hooks.class, "pause"))
            .before(call(Smp.class, "smpCallSingleQueue"));

    private static final Weave NO_PREEMPT_DISABLE = Weave.in(Smp.class, "smpCallFunctionSingleAsync")
            .replace(call(Preempt.class, "disable"))
            .by(hook(Cpu.class, "current")).drop(call(Cpu.class, "preemptEnable"));

    private static final Weave NO_DYING_FLUSH = Weave.in("org.smp4j.hotplug.CoreStates", "smpcfdDyingCpu")
            .drop(call(Smp.class, "smpcfdDyingCpu"));

    private static final Weave IRQS_STAY_ON = Weave.in("org.smp4j.stop.MultiStop", "run")
            .replace(call(Cpu.class, "irqSave"))
            .by(hook(CallSoak.Hooks.class, "onlyTheTargets"));

    private static final Weave CLEARED_AFTER_THE_STOP = Weave.in(TAKE_DOWN, "takeCpuDown")
            .drop(call(Cpus.class, "setCpuOnline"))
            .andIn(TAKE_DOWN, "takedownCpu").insert(hook(CallSoak.Hooks.class, "clearOnlineBit"))
            .after(call(StopMachine.class, "stopMachineCpuslocked"));

    private static Report soak(Weave weave, Plan plan) throws InterruptedException {
        return weave.load(CallSoak.class).make(Soak.class, CallSoak.class).run(plan);
    }

    private static Plan broken(boolean chains, int lateIpis) {
        return new Plan(Long.MAX_VALUE, BROKEN_SECONDS, chains, lateIpis, 2000);
    }

    private static void nothingIsLost(Report report) {
        assertThat(report.faults()).as(report::toString).isEmpty();
        assertThat(report.accepted()).as("calls accepted").isPositive();
        assertThat(report.refused()).as("calls refused").isPositive();
        assertThat(report.cycles()).as("cycles").isPositive();
    }

    @Test
    void everyAcceptedCallRunsOnceOnAnOnlineCpuOrInItsLastFlush() throws InterruptedException {
        nothingIsLost(soak(Weave.nothing(), new Plan(100_000, 3, true, 0, 20_000)));
    }

    @Test
    void soItDoesWhereSendersPauseBetweenLookAndQueueing() throws InterruptedException {
        nothingIsLost(soak(WIDENED, new Plan(100_000, 2, true, 300, 20_000)));
    }

    @Test
    void withoutPreemptDisableCallsAreLost() throws InterruptedException {
        Report report = soak(WIDENED.and(NO_PREEMPT_DISABLE), broken(false, 0));
        assertThat(report.has(Fault.LOST, Fault.HANG)).as(report::toString).isTrue();
    }

    @Test
    void withoutTheDyingFlushCallsAreLost() throws InterruptedException {
        Report report = soak(NO_DYING_FLUSH, broken(false, 900));
        assertThat(report.has(Fault.LOST, Fault.HANG)).as(report::toString).isTrue();
    }

    @Test
    void withoutIrqsOffCallsOfInterruptHandlersAreLost() throws InterruptedException {
        Report report = soak(WIDENED.and(IRQS_STAY_ON), broken(true, 0));
        assertThat(report.has(Fault.LOST, Fault.HANG)).as(report::toString).isTrue();
    }

    @Test
    void withTheOnlineBitClearedAfterTheStopCallsAreLost() throws InterruptedException {
        Report report = soak(WIDENED.and(CLEARED_AFTER_THE_STOP), broken(false, 0));
        assertThat(report.has(Fault.LOST, Fault.HANG)).as(report::toString).isTrue();
    }

    /** The claim in full. */
    @Tag("soak")
    @Test
    @Timeout(900)
    void aMillionCalls() throws InterruptedException {
        Report report = soak(Weave.nothing(), new Plan(1_000_000, 600, true, 0, 20_000));
        nothingIsLost(report);
        assertThat(report.accepted()).isGreaterThanOrEqualTo(1_000_000);
    }
}
