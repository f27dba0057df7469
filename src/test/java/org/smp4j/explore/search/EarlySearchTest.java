package org.smp4j.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.protocol.InOneOrder;
import org.smp4j.explore.protocol.Spins;

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

    /** A thread that spins makes as many steps as a run may have; each meets the write that it waits for. */
    @Test
    @Timeout(60)
    void loopThatSpinsEnds() {
        Report report = Explorations.explore(Spins.class, OPTIONS);
        assertThat(report.passed()).as(report.text()).isTrue();
        assertThat(report.surveyed()).as("the search was made").isGreaterThan(300);
        Report all = Explorations.explore(Spins.class, OPTIONS.withStrategy("dpor").withSchedules(3));
        assertThat(all.longest()).as("not left early").isGreaterThan(90_000);
    }

    @Test
    void othersDoWithoutIt() {
        assertThat(Explorations.explore(InOneOrder.class, OPTIONS.withStrategy("random")).passed()).isTrue();
    }
}
