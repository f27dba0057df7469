package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.protocol.BareSeed;
import org.smp4j.explore.protocol.InBetween;
import org.smp4j.explore.protocol.Small;
import org.smp4j.explore.replay.Token;
import org.smp4j.explore.run.Program;
import org.smp4j.scenario.Programs;

/**
 * The same seed makes the same exploration, from one version of the explorer to the next: {@code explorations.txt}
 * holds the results of 100 explorations. After a change that is meant to alter schedules, or one of the tower that
 * alters the steps of the booted machine, write the file anew: run this test with {@code -Dsmp4j.record=FILE}, and
 * review the differences.
 */
class RecordedTest {
    private static final List<Class<?>> SCENARIOS =
            List.of(
            Small.LockOrder.class, Small.Timeouts.class, BareSeed.LongWindow.class,
            BareSeed.Two.class, InBetween.TimerKeptOut.class);
    private static final List<String> STRATEGIES = List.of("portfolio", "random", "pct3", "surw", "bound1");
    private static final int SEEDS = 4;
    private static final int SCHEDULES = 100;

    @Test
    void explorationsAreWhatTheyWere() throws IOException {
        List<String> lines = new ArrayList<>();
        for (Class<?> scenario : SCENARIOS) {
            for (String strategy : STRATEGIES) {
                for (int seed = 1; seed <= SEEDS; seed++) {
                    lines.add(explore(scenario, strategy, seed));
                }
            }
        }
        String record = System.getProperty("smp4j.record");
        if (record != null) {
            Files.write(Path.of(record), lines);
        }
        assertThat(lines).isEqualTo(recorded());
    }

    private static String explore(Class<?> scenario, String strategy, int seed) {
        Program program = new LoadedProgram(scenario.getName(), Programs.options(),
                RecordedTest.class.getClassLoader());
        ExploreOptions options = ExploreOptions.DEFAULT.withStrategy(strategy).withSeed(seed).withSchedules(SCHEDULES);
        Report report = Explorer.explore(program, options, Explorer.Progress.NONE);
        return String.join(" ", scenario.getSimpleName(), strategy, "seed", "" + seed, "surveyed",
                "" + report.surveyed(),
                "schedules", "" + report.schedules(), "distinct", "" + report.distinct(), "steps", "" + report.steps(),
                "longest", "" + report.longest(), "complete", "" + report.complete(), result(report));
    }

    private static String result(Report report) {
        if (report.passed()) {
            return "passed";
        }
        Token token = Token.parse(report.token());
        return "failed in " + report.failedSchedule() + " by " + token.departures + " after " + token.steps + ": "
                + report.failure().rule();
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in = RecordedTest.class.getResourceAsStream("explorations.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
