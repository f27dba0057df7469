package org.smp4j.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.instrument.LoadedProgram;

/** A short form of the command: every mutant is killed, and nothing is found where nothing is wrong. */
class SelftestTest {
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void everyMutantIsKilled() {
        Selftest.Result result =
                Selftest.run(Mutants.all(), ExploreOptions.DEFAULT.withSchedules(5000).withShrink(false), 100,
                        (_, _, _) -> true);
        assertThat(result.faults()).isEmpty();
        assertThat(result.verdicts()).filteredOn(verdict -> !verdict.killed()).isEmpty();
        assertThat(result.verdicts()).hasSizeGreaterThanOrEqualTo(20);
        assertThat(result.verdicts()).extracting(Selftest.Verdict::mutant).doesNotHaveDuplicates();
        assertThat(result.median()).isBetween(1L, 1000L);
        assertThat(result.passed()).isTrue();
    }

    /** Leaving out what can be left out ends with about twenty departures. */
    @Test
    void longRunOfAMutantIsMadeSmall() {
        Mutant late = Mutants.all().stream().filter(mutant -> mutant.name().equals("late-online-bit")).findFirst()
                .orElseThrow();
        Report report =
                Explorer.explore(Selftest.program(late, true), ExploreOptions.DEFAULT.withSchedules(700, 20_000),
                Explorer.Progress.NONE);
        assertThat(report.passed()).isFalse();
        assertThat(report.switches()).as(report.text()).isBetween(1, 4);
    }

    @Test
    void mutantIsReplayed() {
        Mutant mutant = Mutants.all().getFirst();
        LoadedProgram program = Selftest.program(mutant, true);
        Report report = Explorer.explore(program, ExploreOptions.DEFAULT, Explorer.Progress.NONE);
        assertThat(Explorer.replay(Selftest.program(mutant, true), report.token(), false, Explorer.Progress.NONE)
                .failure().rule()).isEqualTo(report.failure().rule());
    }
}
