package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.instrument.call.RewriteOptions;
import org.smp4j.explore.run.Program;
import org.smp4j.explore.samples.Reporting;

/** Classes of a program that only look on are not instrumented. */
class ObserversTest {
    private static Report explore(RewriteOptions options) {
        Program program =
                new LoadedProgram(Reporting.class.getName(), options, ObserversTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy("bound1"), Explorer.Progress.NONE);
    }

    @Test
    void accessesOfObserversAreNoSteps() {
        assertThat(explore(RewriteOptions.defaults()).passed()).isFalse();
        Report report = explore(RewriteOptions.defaults().withObservers(name -> name.endsWith("$Observer")));
        assertThat(report.passed()).as(report.text()).isTrue();
    }
}
