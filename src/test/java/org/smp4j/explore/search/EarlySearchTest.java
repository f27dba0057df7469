package org.smp4j.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.protocol.InOneOrder;

/** The search that a portfolio makes between its draws finds a failure that draws hardly ever reach. */
class EarlySearchTest {
    private static final ExploreOptions OPTIONS = ExploreOptions.DEFAULT.withSchedules(1000);

    @Test
    void findsWhatNeedsManyStepsInOneOrder() {
        for (int seed = 1; seed <= 4; seed++) {
            Report report = Explorations.explore(InOneOrder.class, OPTIONS.withSeed(seed));
            assertThat(report.failure()).as(report.text()).isNotNull();
            assertThat(report.failure().message()).contains("lost: 1");
            Report again = Explorer.replay(Explorations.program(InOneOrder.class), report.token(), false,
                    Explorer.Progress.NONE);
            assertThat(again.failure().message()).isEqualTo(report.failure().message());
        }
    }

    @Test
    void itsRunsAreNoSchedulesAndWhatTheyShowOfFieldsIsForgotten() {
        Report report = Explorations.explore(InOneOrder.Guarded.class, OPTIONS);
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.runs()).isEqualTo(1000);
        Report first = Explorations.explore(InOneOrder.Guarded.class, OPTIONS.withSchedules(0, 500));
        Report second = Explorations.explore(InOneOrder.Guarded.class, OPTIONS.withSchedules(500, 500));
        assertThat(first.runs() + second.runs()).isEqualTo(1000);
        assertThat(second.surveyed()).as("made by the one that has its schedule").isGreaterThan(first.surveyed());
    }

    @Test
    void othersDoWithoutIt() {
        assertThat(Explorations.explore(InOneOrder.class, OPTIONS.withStrategy("random")).passed()).isTrue();
    }
}
