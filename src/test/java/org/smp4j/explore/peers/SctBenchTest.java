package org.smp4j.explore.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;

/**
 * Explores the programs of SCTBench in Java, each of which has a bug. The system property {@code smp4j.sctbench} names
 * a folder with their sources. Without the property this class is left out.
 */
class SctBenchTest {
    private static final String FOLDER = System.getProperty("smp4j.sctbench");
    private static final int SEEDS = 3;
    private static final int MOST_SWITCHES = 2;

    @TempDir
    private Path dir;

    @TestFactory
    Stream<DynamicTest> bugsAreFoundWithinAMinuteFromEachSeedAndNeedFewSwitches() throws IOException {
        assumeTrue(FOLDER != null, "The programs of SCTBench are left out: -Dsmp4j.sctbench=FOLDER names their folder");
        Mains programs = Mains.compiled(Path.of(FOLDER), dir);
        return programs.types().stream().map(type -> DynamicTest.dynamicTest(Mains.simple(type), () -> {
            StringBuilder row = new StringBuilder("%-20s".formatted(Mains.simple(type)));
            for (int seed = 1; seed <= SEEDS; seed++) {
                long start = System.nanoTime();
                Report report = Explorer.explore(programs.load(type), ExploreOptions.DEFAULT.withSeed(seed)
                        .withSchedules(Integer.MAX_VALUE).withBudget(TimeUnit.MINUTES.toNanos(1))
                        .withTokenFile(dir.resolve("token")), Explorer.Progress.NONE);
                row.append("  run %6d, %d switches, %5.1f s".formatted(report.surveyed() + report.failedSchedule(),
                        report.switches(), (System.nanoTime() - start) / 1e9));
                assertThat(report.passed()).as(report.text()).isFalse();
                assertThat(report.switches()).as(report.text()).isLessThanOrEqualTo(MOST_SWITCHES);
            }
            System.out.println(row);
        }));
    }
}
