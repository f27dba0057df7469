package org.smp4j.tower;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.lib.Waiter;
import org.smp4j.race.gallery.sched.RcuExpOnlineCheckRetry;
import org.smp4j.scenario.Programs;
import org.smp4j.sched.ExpeditedGracePeriods;
import org.smp4j.weave.Weave;

/** An expedited grace period waits for every reader, also on CPUs that come or go, and it needs each part for that. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class GracePeriodsByInterruptTest {
    private static final Class<?> PERIODS = ExpeditedGracePeriods.class;

    private static Report explore(Class<?> scenario, Weave weave, MemoryModel memory, String strategy) {
        LoadedProgram program = new LoadedProgram(scenario.getName(), Programs.options().withWeaves(weave),
                GracePeriodsByInterruptTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(100_000)
                .withMemory(memory).withShrink(false), Explorer.Progress.NONE);
    }

    static Stream<Arguments> searches() {
        return Stream.of(Arguments.of(GracePeriodsByInterrupt.Reader.class, MemoryModel.SC, "bound2"),
                Arguments.of(GracePeriodsByInterrupt.Reader.class, MemoryModel.JAVA, "bound1"),
                Arguments.of(GracePeriodsByInterrupt.Coming.class, MemoryModel.SC, "bound1"),
                Arguments.of(GracePeriodsByInterrupt.Going.class, MemoryModel.SC, "bound1"),
                Arguments.of(RcuExpOnlineCheckRetry.class, MemoryModel.JAVA, "bound1"));
    }

    @ParameterizedTest
    @MethodSource("searches")
    void noReaderIsMissed(Class<?> scenario, MemoryModel memory, String strategy) {
        Report report = explore(scenario, Weave.nothing(), memory, strategy);
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.complete()).as(report.text()).isTrue();
    }

    static Stream<Arguments> twins() {
        Class<?> reader = GracePeriodsByInterrupt.Reader.class;
        return Stream.of(
                Arguments.of(reader, GracePeriodsByInterrupt.Reader.BLIND, "grace period"),
                Arguments.of(reader, GracePeriodsByInterrupt.Reader.LAZY, "deadlock"),
                Arguments.of(reader, GracePeriodsByInterrupt.Reader.SILENT, "livelock"),
                Arguments.of(reader, GracePeriodsByInterrupt.Reader.IDLE, "deadlock"),
                Arguments.of(GracePeriodsByInterrupt.Coming.class, GracePeriodsByInterrupt.Moving.UNWATCHED,
                        "grace period"),
                Arguments.of(GracePeriodsByInterrupt.Going.class, GracePeriodsByInterrupt.Moving.WATCHED, "livelock"));
    }

    @ParameterizedTest
    @MethodSource("twins")
    void missingPartIsFound(Class<?> scenario, Weave twin, String rule) {
        assertThat(broken(scenario, twin)).isEqualTo(rule);
    }

    /** The rule that is broken in some schedule. */
    private static String broken(Class<?> scenario, Weave weave) {
        Report report = explore(scenario, weave, MemoryModel.SC, ExploreOptions.DEFAULT.strategy());
        assertThat(report.failure()).as(report.text()).isNotNull();
        return report.failure().rule();
    }

    private static Weave select() {
        return Weave.in(PERIODS, "select");
    }

    private static void isReached(Weave weave) {
        assertThat(broken(RcuExpOnlineCheckRetry.class, weave)).isEqualTo("reached");
    }

    @Test
    void someScheduleTriesACpuAgain() {
        isReached(select().insert(hook(GracePeriodsByInterrupt.class, "reached"))
                .before(call(Waiter.class, "blockUntil")));
    }

    @Test
    void someScheduleReportsForACpuThatIsGone() {
        isReached(select().insert(hook(GracePeriodsByInterrupt.class, "reached"))
                .before(call(PERIODS, "report")));
    }

    @Test
    void withoutAReportForACpuThatIsGoneTheGracePeriodNeverEnds() {
        assertThat(broken(RcuExpOnlineCheckRetry.class, select().drop(call(PERIODS, "report"))))
                .isEqualTo("deadlock");
    }

    @Test
    void ifNoCpuIsEverGoneTheGracePeriodNeverEnds() {
        assertThat(broken(RcuExpOnlineCheckRetry.class, select().replace(call(PERIODS, "isGone"))
                .by(hook(GracePeriodsByInterrupt.class, "isNeverGone")))).isEqualTo("deadlock");
    }
}
