package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.protocol.SeedRace;
import org.smp4j.explore.run.Program;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/**
 * On a booted machine of 3 CPUs: a sender against {@code cpu_down} of its target, with preemption disabled and without.
 */
class SeedRaceTest {
    private static Program program(Class<?> scenario, Weave... weaves) {
        return new LoadedProgram(scenario.getName(), Programs.options().withWeaves(weaves),
                SeedRaceTest.class.getClassLoader());
    }

    @Test
    void withoutPreemptDisableACallIsLost() {
        for (int seed = 1; seed <= 5; seed++) {
            Program broken = program(SeedRace.class, SeedRace.Edits.STRETCH, SeedRace.Edits.PREEMPTIBLE);
            Report report = Explorer.explore(broken, ExploreOptions.DEFAULT.withSeed(seed), Explorer.Progress.NONE);
            assertThat(report.failure()).as("seed %d", seed).isNotNull();
            assertThat(report.text()).containsAnyOf("lost call", "IPI on offline CPU 2", "ran on an offline CPU");
            assertThat(report.switches()).isLessThanOrEqualTo(3);
            assertThat(Explorer.replay(broken, report.token(), false, Explorer.Progress.NONE).failure().rule())
                    .isEqualTo(report.failure().rule());
        }
    }

    @Test
    void withItNoScheduleWithOneDepartureLosesOne() {
        Report stretch = Explorer.explore(program(SeedRace.class, SeedRace.Edits.STRETCH),
                ExploreOptions.DEFAULT.withStrategy("bound1").withSchedules(1_000_000),
                Explorer.Progress.NONE);
        assertThat(stretch.passed()).isTrue();
        assertThat(stretch.complete()).isTrue();
        assertThat(stretch.schedules()).isGreaterThan(100);
        Report whole = Explorer.explore(program(SeedRace.Whole.class),
                ExploreOptions.DEFAULT.withStrategy("bound1").withSchedules(1_000_000),
                Explorer.Progress.NONE);
        assertThat(whole.passed()).isTrue();
        assertThat(whole.complete()).isTrue();
        assertThat(whole.schedules()).isGreaterThan(stretch.schedules());
    }

    /** A read of an older value is a departure like a switch, so there are more runs than in one order of all steps. */
    @Test
    void norDoesAReadOfAnOlderValue() {
        ExploreOptions one = ExploreOptions.DEFAULT.withStrategy("bound1").withSchedules(1_000_000);
        Program stretch = program(SeedRace.class, SeedRace.Edits.STRETCH);
        Report ordered = Explorer.explore(stretch, one, Explorer.Progress.NONE);
        Report weak = Explorer.explore(stretch, one.withMemory(MemoryModel.JAVA), Explorer.Progress.NONE);
        assertThat(weak.passed()).isTrue();
        assertThat(weak.complete()).isTrue();
        assertThat(weak.claim()).contains("memory model java", "at most 1 departures");
        assertThat(weak.schedules()).isGreaterThan(ordered.schedules() + 100);
    }

    @Test
    void theBoundFindsItWhereItIs() {
        Report report = Explorer.explore(program(SeedRace.class, SeedRace.Edits.STRETCH, SeedRace.Edits.PREEMPTIBLE),
                ExploreOptions.DEFAULT.withStrategy("bound1").withSchedules(1_000_000), Explorer.Progress.NONE);
        assertThat(report.failure()).isNotNull();
    }

    /** Takes minutes. */
    @Test
    @Tag("soak")
    @Timeout(value = 40, unit = TimeUnit.MINUTES)
    void withItNoScheduleWithTwoDeparturesInTheStretchLosesOne() {
        Report report = Explorer.explore(program(SeedRace.class, SeedRace.Edits.STRETCH),
                ExploreOptions.DEFAULT.withStrategy("bound2").withSchedules(100_000_000),
                Explorer.Progress.NONE);
        assertThat(report.passed()).isTrue();
        assertThat(report.complete()).isTrue();
    }
}
