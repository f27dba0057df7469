package org.smp4j.tower;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.scenario.Programs;
import org.smp4j.weave.Weave;

/** A barrier on all CPUs that run a process orders threads which have no fence of their own, and needs each part. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class MembarriersTest {
    private static Report explore(Class<?> scenario, Weave weave, String strategy) {
        LoadedProgram program = new LoadedProgram(scenario.getName(), Programs.options().withWeaves(weave),
                MembarriersTest.class.getClassLoader());
        return Explorer.explore(program, ExploreOptions.DEFAULT.withStrategy(strategy).withSchedules(100_000)
                .withMemory(MemoryModel.JAVA).withShrink(false), Explorer.Progress.NONE);
    }

    @ParameterizedTest
    @ValueSource(classes = {Membarriers.Running.class, Membarriers.Late.class, Membarriers.Switched.class})
    void barrierOrdersBothThreads(Class<?> scenario) {
        Report report = explore(scenario, Weave.nothing(), "bound1");
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.complete()).isTrue();
    }

    static Stream<Arguments> twins() {
        return Stream.of(Arguments.of(Membarriers.Running.class, Membarriers.Running.UNSENT),
                Arguments.of(Membarriers.Late.class, Membarriers.Late.UNFENCED),
                Arguments.of(Membarriers.Switched.class, Membarriers.Switched.UNCOPIED));
    }

    @ParameterizedTest
    @MethodSource("twins")
    void missingPartIsFound(Class<?> scenario, Weave twin) {
        Report report = explore(scenario, twin, "bound1");
        assertThat(report.failure()).as(report.text()).isNotNull();
        assertThat(report.failure().rule()).isEqualTo("barrier");
    }
}
