package org.smp4j.explore.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.explore.Explorations;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.replay.Token;

/** What a failure among more than 64 threads is shrunk to, and its token. */
class CrowdsTest {
    @ParameterizedTest
    @CsvSource({"LostUpdate, portfolio", "LostUpdate, pos", "LockOrder, portfolio",
        "Impatient, portfolio", "LateLostUpdate, portfolio"})
    void fewSwitchesAreLeft(String program, String strategy) throws ClassNotFoundException {
        Class<?> scenario = Class.forName(Crowds.class.getName() + "$" + program);
        Report report = Explorations.explore(scenario, ExploreOptions.DEFAULT.withStrategy(strategy));
        assertThat(report.passed()).as(report::text).isFalse();
        Token token = Token.parse(report.token());
        assertThat(token.departures.size()).as(report::text).isLessThanOrEqualTo(2);
        assertThat(token.toString()).isEqualTo(report.token());
        Report again = Explorer.replay(Explorations.program(scenario), report.token(), false, Explorer.Progress.NONE);
        assertThat(again.failure().message()).isEqualTo(report.failure().message());
        assertThat(again.token()).isEqualTo(report.token());
    }

    /** The failure needs one of two threads with high numbers. */
    @Test
    void aTokenHasHighNumbers() {
        Report report = Explorations.explore(Crowds.LateLostUpdate.class, ExploreOptions.DEFAULT);
        Departures departures = Token.parse(report.token()).departures;
        assertThat(departures.size()).isEqualTo(1);
        assertThat(departures.strand(0)).isGreaterThan(64);
    }

    @Test
    void aTokenHasHighTimeouts() {
        Report report = Explorations.explore(Crowds.Impatient.class, ExploreOptions.DEFAULT.withStrategy("bound1"));
        Departures departures = Token.parse(report.token()).departures;
        assertThat(departures.toString()).as(report::text).contains("->" + DepartureKind.TIMEOUT.code(71));
    }

    @Test
    void aLateThreadReadsAnOlderValue() {
        ExploreOptions options = ExploreOptions.DEFAULT.withMemory(MemoryModel.JAVA).withSchedules(60);
        assertThat(Explorations.explore(Crowds.Handover.class, options).passed()).isFalse();
        Report ordered = Explorations.explore(Crowds.OrderedHandover.class, options);
        assertThat(ordered.passed()).as(ordered::text).isTrue();
    }
}
