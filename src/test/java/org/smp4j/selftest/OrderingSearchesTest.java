package org.smp4j.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;

/**
 * The unchanged tower passes the scenarios of fences and hand-overs in all runs with at most one departure, a read of
 * an older value counted in.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OrderingSearchesTest {
    static Stream<Mutant> mutants() {
        return Stream.of(Barriers.mutants(), HotplugOrderings.mutants(), StuckCalls.mutants()).flatMap(List::stream);
    }

    @ParameterizedTest
    @MethodSource("mutants")
    void nothingIsFoundWithoutTheMutation(Mutant mutant) {
        Report report = Explorer.explore(Selftest.program(mutant, false), ExploreOptions.DEFAULT.withStrategy("bound1")
                .withMemory(mutant.memory()).withShrink(false), Explorer.Progress.NONE);
        assertThat(report.failure()).as(report.text()).isNull();
        assertThat(report.complete()).isTrue();
    }
}
