package org.smp4j.explore.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.memory.MemoryModel;
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

    /** Older values add no runs to the sequentially consistent ones. */
    @ParameterizedTest
    @EnumSource(names = {"SC", "JAVA"})
    void provesTheClaimForThreeCalls(MemoryModel model) {
        Report report = Explorations.explore(BareSeed.Three.class,
                ExploreOptions.DEFAULT.withStrategy("dpor").withMemory(model).withSchedules(100_000));
        assertThat(report.complete()).as(report.text()).isTrue();
        assertThat(report.passed()).isTrue();
        assertThat(report.schedules()).isEqualTo(24_848);
        assertThat(report.claim()).startsWith(model == MemoryModel.SC ? "proven for all sequentially consistent runs"
                : "proven for all runs under the memory model java");
    }

    @Test
    void findsUnderWeakMemoryWhatNeedsNoOlderValue() {
        Report report = Explorations.explore(BareSeed.PreemptibleOne.class,
                ExploreOptions.DEFAULT.withStrategy("dpor").withMemory(MemoryModel.JAVA).withSchedules(100_000));
        assertThat(report.passed()).isFalse();
        Report again = Explorer.replay(Explorations.program(BareSeed.PreemptibleOne.class), report.token(), false,
                Explorer.Progress.NONE);
        assertThat(again.lines()).isEqualTo(report.lines());
    }

    /** As when a run has begun before the steps that the search knows. */
    @Test
    void aWriteThatIsNoStepMayHaveToComeBeforeARead() {
        assertThat(new NewestReads().mayComeBefore(null, List.of(), 0)).isFalse();
    }

    @Test
    void doesNotClaimWhatItDidNotFinish() {
        Report report = Explorations.explore(BareSeed.Three.class,
                ExploreOptions.DEFAULT.withStrategy("dpor").withSchedules(100));
        assertThat(report.complete()).isFalse();
        assertThat(report.claim()).startsWith("the search was not completed");
    }
}
