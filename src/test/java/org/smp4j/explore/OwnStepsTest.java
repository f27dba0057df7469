package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.smp4j.explore.samples.OwnSteps;

/** Steps of a scenario's own. */
class OwnStepsTest {
    @Test
    void ownStepsOrderNoMemory() {
        ExploreOptions options = ExploreOptions.DEFAULT.withSchedules(10);
        assertThat(Explorations.explore(OwnSteps.class, options).passed()).isTrue();
        Report report = Explorations.explore(OwnSteps.class, options.withDataRaces(true));
        assertThat(report.failure().rule()).isEqualTo("data race");
    }
}
