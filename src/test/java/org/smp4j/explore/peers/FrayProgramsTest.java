package org.smp4j.explore.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.Leeway;

/**
 * Explores the programs by which Fray tests itself, at default settings, each for a minute at most. The system property
 * {@code smp4j.fray} names a folder with their sources: those of its {@code integration-test}, of the packages
 * {@code core} (without {@code network}) and {@code time}, and the exception that they throw. Those of a package
 * {@code fail} must fail, those of {@code success} must pass. Without the property this class is left out.
 */
class FrayProgramsTest {
    private static final String FOLDER = System.getProperty("smp4j.fray");

    /** Those that fail only if a wait or a park may end without a cause, which has to be asked for. */
    private static final Set<String> SPURIOUS = Set.of("ParkSpuriousWakeup", "WaitSpuriousWakeup");

    /**
     * Where the verdict is another than the one that Fray asks for: a part of what is said, and why. What is called
     * real shows on the JVM's own threads, too, in a copy of the program with a pause where it says so.
     */
    private static final Map<String, String[]> DIFFER = Map.of(
            "ConditionAwaitTimeoutInterrupt", new String[] {"AssertionError",
                "real, with pauses before main interrupts and, under the lock, before it asks: await clears the "
                + "interrupt before it has the lock again, and throws only then"},
            "ConditionAwaitTimeoutNotifyInterrupt", new String[] {"AssertionError", "real, as the one before"},
            "ConditionAwaitWithoutLock", new String[] {"IllegalMonitorStateException",
                "real, in every run: main throws; for Fray that is no failure"},
            "ReentrantLockTryLock", new String[] {"AssertionError",
                "real, with a pause before the other thread unlocks: the millisecond is over before main has the lock"},
            "TestTime", new String[] {"AssertionError", "real, in every run: the first assertion asks for Fray's own "
                + "clock, which goes on by 100 microseconds each time that it is read"},
            "IntStream", new String[] {"a single thread ran",
                "a parallel stream runs on the thread that asks for its result; else the pipelines of "
                + "java.util.stream would have to be rewritten, as its pools are, and parallel() to make one of the "
                + "stream's spliterator"});

    @TempDir
    private Path dir;

    @TestFactory
    Stream<DynamicTest> programsGetTheVerdictThatFrayAsksFor() throws IOException {
        assumeTrue(FOLDER != null, "Fray's programs are left out: -Dsmp4j.fray=FOLDER names their folder");
        Mains programs = Mains.compiled(Path.of(FOLDER), dir);
        return programs.types().stream().map(type -> DynamicTest.dynamicTest(type, () -> check(programs, type)));
    }

    private void check(Mains programs, String type) {
        String name = Mains.simple(type);
        String[] differs = DIFFER.get(name);
        ExploreOptions options = ExploreOptions.DEFAULT.withTokenFile(dir.resolve("token"))
                .withBudget(TimeUnit.MINUTES.toNanos(1));
        if (SPURIOUS.contains(name)) {
            options = options.withLeeway(new Leeway(Leeway.DEFAULT.timeouts(), true, false));
        }
        Report report = Explorer.explore(programs.load(type), options, Explorer.Progress.NONE);
        boolean fails = type.contains(".fail.") == (differs == null);
        assertThat(report.passed()).as(report.text()).isNotEqualTo(fails);
        if (differs != null) {
            assertThat(report.text()).as(differs[1]).contains(differs[0]);
        }
    }
}
