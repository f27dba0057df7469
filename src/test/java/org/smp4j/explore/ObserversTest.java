package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.samples.Reporting;

/** Classes of a program that only look on are not instrumented. */
class ObserversTest {
    private static Report explore(RewriteOptions options) {
        return Explorer.explore(new LoadedProgram(Reporting.class.getName(), options, ObserversTest.class.getClassLoader()),
                ExploreOptions.DEFAULT.withStrategy("bound1"), (schedules, distinct, steps) -> true);
    }

    @Test
    void accessesOfObserversAreNoSteps() {
        assertThat(explore(RewriteOptions.defaults()).passed()).isFalse();
        Report report = explore(RewriteOptions.defaults().withObservers(name -> name.endsWith("$Observer")));
        assertThat(report.passed()).as(report.text()).isTrue();
    }
}
