package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.protocol.InBetween;
import org.smp4j.explore.protocol.Interrupted;
import org.smp4j.scenario.Programs;

/**
 * Failures that need a device's interrupt, the preemption of a task or another order of tasks are found, shrunk to the
 * minimum and replayed.
 */
class InterruptedTest {
    private static LoadedProgram program(Class<?> scenario) {
        return new LoadedProgram(scenario.getName(), Programs.options(), InterruptedTest.class.getClassLoader());
    }

    private static Report explore(Class<?> scenario, ExploreOptions options) {
        return Explorer.explore(program(scenario), options, Explorer.Progress.NONE);
    }

    /**
     * Every kind of strategy finds it, on continuations and on threads, with the fewest departures, and its token
     * replays it.
     */
    private static void assertFound(Class<?> scenario, String rule, int departures, String line) {
        Report report = explore(scenario, ExploreOptions.DEFAULT);
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.failure().rule()).as(report.text()).isEqualTo(rule);
        assertThat(report.switches()).as(report.text()).isEqualTo(departures);
        assertThat(report.lines()).anyMatch(each -> line.startsWith("> ")
                ? each.startsWith(">") && each.contains(line.substring(2)) : each.contains(line));
        Report replayed = Explorer.replay(program(scenario), report.token(), false, Explorer.Progress.NONE);
        assertThat(replayed.failure().rule()).isEqualTo(rule);
        assertThat(replayed.lines()).isEqualTo(report.lines());
        assertThat(Explorer.replay(program(scenario), report.token(), true, Explorer.Progress.NONE).failure().rule())
                .isEqualTo(rule);
        Report threads = explore(scenario, ExploreOptions.DEFAULT.withThreads(true));
        assertThat(threads.token()).isEqualTo(report.token());
        assertThat(threads.text().replace("strands on threads", "strands on continuations")).isEqualTo(report.text());
        Report bounded = explore(scenario,
                ExploreOptions.DEFAULT.withStrategy("bound" + departures).withSchedules(1_000_000));
        assertThat(bounded.failure()).as(bounded.text()).isNotNull();
        assertThat(bounded.failure().rule()).isEqualTo(rule);
        assertThat(bounded.switches()).isEqualTo(departures);
    }

    private static void assertHolds(Class<?> scenario, String strategy) {
        Report report = explore(scenario, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(1_000_000));
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.complete()).as(report.text()).isTrue();
    }

    @Test
    void deviceInterruptsBetweenTwoAccesses() {
        assertFound(Interrupted.Counter.class, "lost count", 1, "> disk interrupts CPU 1");
        assertHolds(Interrupted.CounterWithIrqsOff.class, "bound2");
    }

    @Test
    void deviceWakesACpuThatIsHalted() {
        assertFound(Interrupted.Halted.class, "woken by the device", 1, "> timer interrupts CPU 1");
    }

    @Test
    void deviceInterruptsAMachineThatIsIdle() {
        assertFound(Interrupted.Forlorn.class, "noticed", 1, "> timer interrupts CPU 0");
    }

    @Test
    void taskIsPreempted() {
        // The departure preempts the task's strand; a task that makes no steps for long loses its CPU by itself.
        assertFound(Interrupted.PerCpuCounter.class, "lost count", 1, "one is preempted");
        assertHolds(Interrupted.PerCpuCounterPinned.class, "bound2");
    }

    @Test
    void otherTaskIsNext() {
        assertFound(Interrupted.Order.class, "unmade", 1, "> user is next, before maker");
    }

    @Test
    void deviceInterruptsABareCpu() {
        assertFound(Interrupted.BareCounter.class, "lost count", 1, "> disk interrupts CPU 1");
        assertHolds(Interrupted.BareCounterWithIrqsOff.class, "bound3");
    }

    /**
     * Different code runs on a task's CPU between two accesses of the task: accesses to the field become steps, though
     * all of them are ordered.
     */
    @ParameterizedTest
    @ValueSource(classes = {InBetween.Call.class, InBetween.Work.class, InBetween.Stopper.class, InBetween.Other.class,
        InBetween.Moved.class})
    void whatComesInBetween(Class<?> scenario) {
        Report report = explore(scenario, ExploreOptions.DEFAULT.withStrategy("bound2").withSchedules(1_000_000));
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.failure().rule()).isEqualTo("lost count");
        assertThat(Explorer.replay(program(scenario), report.token(), false, Explorer.Progress.NONE).failure().rule())
                .isEqualTo("lost count");
    }

    @ParameterizedTest
    @ValueSource(classes = {InBetween.Call.class, InBetween.Work.class, InBetween.Stopper.class, InBetween.Other.class})
    void samplingFindsWhatComesInBetween(Class<?> scenario) {
        Report report = explore(scenario, ExploreOptions.DEFAULT);
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.failure().rule()).isEqualTo("lost count");
        assertThat(Explorer.replay(program(scenario), report.token(), false, Explorer.Progress.NONE).failure().rule())
                .isEqualTo("lost count");
    }

    @Test
    void whatATimerReachesIsAStep() {
        int count = Sites.fieldLabel(Sites.field(InBetween.Counted.class.getName() + ".count"));
        assertHolds(InBetween.TimerKeptOut.class, "bound1");
        assertThat(Sites.shared()).doesNotContain(count);
        assertHolds(InBetween.Timer.class, "bound1");
        assertThat(Sites.shared()).contains(count);
    }

    @ParameterizedTest
    @ValueSource(classes = {InBetween.CallKeptOut.class, InBetween.WorkKeptOut.class, InBetween.StopperKeptOut.class,
        InBetween.OtherKeptOut.class, InBetween.MovedKeptOut.class})
    void whatIsKeptOut(Class<?> scenario) {
        assertHolds(scenario, "bound1");
    }

    @Test
    void partialOrderSearchRefusesDevices() {
        assertThatThrownBy(() -> explore(Interrupted.BareCounterWithIrqsOff.class,
                ExploreOptions.DEFAULT.withStrategy("dpor")))
                .isInstanceOf(ExplorerException.class).hasMessageContaining("interrupt");
    }

    @Test
    void exitOfTheInterruptReschedules() {
        assertFound(Interrupted.Woken.class, "in between", 1, "> disk interrupts CPU 0");
    }
}
