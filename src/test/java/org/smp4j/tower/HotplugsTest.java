package org.smp4j.tower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.scenario.Programs;
import org.smp4j.tower.Hotplugs.WokenLate;
import org.smp4j.weave.Weave;

/** A CPU that leaves waits for a task that it finds late, and the order in which it looks is needed for that. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HotplugsTest {
    private static LoadedProgram program(RewriteOptions options, Weave twin) {
        return new LoadedProgram(WokenLate.class.getName(), options.withWeaves(WokenLate.FRAME, twin),
                HotplugsTest.class.getClassLoader());
    }

    private static Report search(Weave twin) {
        return Explorer.explore(program(Programs.unwatched(), twin),
                ExploreOptions.DEFAULT.withStrategy("bound1").withShrink(false), Explorer.Progress.NONE);
    }

    @Test
    void everyTaskHasLeft() {
        Report report = search(Weave.nothing());
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.complete()).isTrue();
    }

    @Test
    void taskBetweenTheTwoQueuesIsFound() {
        Report report = search(WokenLate.RUN_QUEUE_FIRST);
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.failure().rule()).isEqualTo("vacated");
    }

    /** With this seed, the failing run has an interrupt that is overdue and does not come. */
    @Test
    void runWithoutAnOverdueInterruptReplays() {
        LoadedProgram program = program(Programs.options(), WokenLate.RUN_QUEUE_FIRST);
        Report report = Explorer.explore(program, ExploreOptions.DEFAULT.withShrink(false), Explorer.Progress.NONE);
        assertThat(report.text()).contains("an interrupt is overdue, and comes later");
        Report again = Explorer.replay(program, report.token(), false, Explorer.Progress.NONE);
        assertThat(again.lines()).isEqualTo(report.lines());
    }
}
