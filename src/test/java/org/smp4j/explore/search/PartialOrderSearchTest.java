package org.smp4j.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Report;
import org.smp4j.explore.protocol.BareSeed;
import org.smp4j.explore.protocol.Small;

/** The reduction neither misses an execution nor makes one twice. */
class PartialOrderSearchTest {
    @ParameterizedTest
    @ValueSource(classes = {Small.Crosswise.class, Small.Locks.class, Small.Parks.class, Small.LockOrder.class,
            Small.Counter.class, Small.Choice.class, Small.LastStepOfDaemon.class,
            BareSeed.One.class, BareSeed.PreemptibleOne.class})
    void agreesWithSleepSetsAlone(Class<?> scenario) {
        Explorations.Count reduced = Explorations.count(scenario, new PartialOrderSearch(true));
        Explorations.Count alone = Explorations.count(scenario, new PartialOrderSearch(false));
        assertThat(reduced).isEqualTo(alone);
        assertThat(reduced.executions()).isGreaterThan(1);
    }

    @Test
    void asManyExecutionsAsThereAreOrders() {
        assertThat(Explorations.count(Small.Counter.class, new PartialOrderSearch(true)).executions()).isEqualTo(924);
    }

    @Test
    void findsTheDeadlockOfTwoLocks() {
        assertThat(Explorations.count(Small.LockOrder.class, new PartialOrderSearch(true)).failures()).isEqualTo(1);
    }

    @Test
    void provesTheClaimForThreeCalls() {
        Report report = Explorations.explore(BareSeed.Three.class,
                ExploreOptions.DEFAULT.withStrategy("dpor").withSchedules(1_000_000));
        assertThat(report.complete()).isTrue();
        assertThat(report.passed()).isTrue();
        assertThat(report.claim()).startsWith("proven for all sequentially consistent runs");
    }

    @Test
    void doesNotClaimWhatItDidNotFinish() {
        Report report = Explorations.explore(BareSeed.Three.class,
                ExploreOptions.DEFAULT.withStrategy("dpor").withSchedules(100));
        assertThat(report.complete()).isFalse();
        assertThat(report.claim()).startsWith("the search was not completed");
    }
}
