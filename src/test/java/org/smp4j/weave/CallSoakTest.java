package org.smp4j.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.call.Smp;
import org.smp4j.weave.Soak.Fault;
import org.smp4j.weave.Soak.Plan;
import org.smp4j.weave.Soak.Report;

/** On real threads no accepted call is lost. */
class CallSoakTest {
    /** Between a sender's look at the online mask and its queueing. */
    private static final Weave WIDENED = Weave.in(Smp.class, "genericExecSingle")
            .insert(hook(CallSoak.Hooks.class, "pause"))
            .before(call(Smp.class, "smpCallSingleQueue"));

    private static final Weave NOTHING_QUEUED = Weave.in(Smp.class, "genericExecSingle")
            .drop(call(Smp.class, "smpCallSingleQueue"));

    private static Report soak(Weave weave, Plan plan) throws InterruptedException {
        return weave.load(CallSoak.class).make(Soak.class, CallSoak.class).run(plan);
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

    /** Which pieces of the kernel prevent lost calls is explored, by the mutants of the self-test. */
    @Test
    void callsThatAreNeverQueuedAreReportedAsLost() throws InterruptedException {
        Report report = soak(NOTHING_QUEUED, new Plan(Long.MAX_VALUE, 300, false, 0, 2000));
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
