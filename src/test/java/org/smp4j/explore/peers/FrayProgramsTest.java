package org.smp4j.explore.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;

/**
 * Explores the programs by which Fray tests itself, at default settings. The system property {@code smp4j.fray} names a
 * folder with their sources: those of its {@code integration-test}, of the packages {@code core} (without
 * {@code network}) and {@code time}, and the exception that they throw. Those of a package {@code fail} must fail, those
 * of {@code success} must pass. Without the property this class is left out.
 */
class FrayProgramsTest {
    private static final String FOLDER = System.getProperty("smp4j.fray");

    /** Where the verdict is another than the one that Fray asks for, and why. */
    private static final Map<String, String> DIFFER = Map.of();

    @TempDir
    private Path dir;

    @TestFactory
    Stream<DynamicTest> programsGetTheVerdictThatFrayAsksFor() throws IOException {
        assumeTrue(FOLDER != null, "Fray's programs are left out: -Dsmp4j.fray=FOLDER names their folder");
        Mains programs = Mains.compiled(Path.of(FOLDER), dir);
        return programs.types().stream().map(type -> DynamicTest.dynamicTest(type, () -> {
            long start = System.nanoTime();
            Report report = Explorer.explore(programs.load(type), ExploreOptions.DEFAULT.withTokenFile(
                    dir.resolve("token")), Explorer.Progress.NONE);
            System.out.printf("%-45s %-9s run %6d, %d switches, %5.2f s%n", Mains.simple(type),
                    report.passed() ? "passed" : "failed", report.surveyed() + report.failedSchedule(),
                    report.switches(), (System.nanoTime() - start) / 1e9);
            boolean fails = type.contains(".fail.") != DIFFER.containsKey(Mains.simple(type));
            assertThat(report.passed()).as(report.text()).isNotEqualTo(fails);
        }));
    }
}
