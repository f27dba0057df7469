package org.smp4j.race.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.junit.jupiter.api.Test;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.lib.Waiter;
import org.smp4j.race.gallery.sched.RcuExpOnlineCheckRetry;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** What the grace period does about CPUs that come or go, in the fixed variant of the race that is about it. */
class ExpeditedGracePeriodTest {
    private static Weave select() {
        return Weave.in(ExpeditedGracePeriod.class, "select");
    }

    private static Report explore(Weave weave, String strategy) {
        return Explorer.explore(new LoadedProgram(RcuExpOnlineCheckRetry.class.getName(),
                Programs.options().withWeaves(weave), ExpeditedGracePeriodTest.class.getClassLoader()),
                ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(20_000).withShrink(false),
                Explorer.Progress.NONE);
    }

    /** The rule that is broken in some schedule. */
    private static String broken(Weave weave) {
        Report report = explore(weave, ExploreOptions.DEFAULT.strategy());
        assertThat(report.failure()).as(report.text()).isNotNull();
        return report.failure().rule();
    }

    private static void isReached(Weave weave) {
        assertThat(broken(weave)).isEqualTo("reached");
    }

    @Test
    void someScheduleTriesACpuAgain() {
        isReached(select().insert(hook(GracePeriodHooks.class, "reached")).before(call(Waiter.class, "relax")));
    }

    @Test
    void someScheduleReportsForACpuThatIsGone() {
        isReached(select().insert(hook(GracePeriodHooks.class, "reached"))
                .before(call(ExpeditedGracePeriod.class, "report")));
    }

    @Test
    void inSomeScheduleACpuReportsItselfAfterTheCallHasFailed() {
        isReached(select().insert(hook(GracePeriodHooks.class, "again")).before(call(Waiter.class, "relax"))
                .replace(call(ExpeditedGracePeriod.class, "isWaitedFor"))
                .by(hook(GracePeriodHooks.class, "isWaitedFor")));
    }

    @Test
    void otherwiseItEnds() {
        Report report = explore(Weave.nothing(), "bound1");
        assertThat(report.passed() && report.complete()).as(report.text()).isTrue();
    }

    @Test
    void withoutAReportForACpuThatIsGoneTheGracePeriodNeverEnds() {
        assertThat(broken(select().drop(call(ExpeditedGracePeriod.class, "report")))).isEqualTo("deadlock");
    }

    @Test
    void ifNoCpuIsEverGoneTheGracePeriodNeverEnds() {
        assertThat(broken(select().replace(call(ExpeditedGracePeriod.class, "isGone"))
                .by(hook(GracePeriodHooks.class, "isNeverGone")))).isEqualTo("deadlock");
    }
}
