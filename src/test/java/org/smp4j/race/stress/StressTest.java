package org.smp4j.race.stress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openjdk.jcstress.infra.results.L_Result;
import org.smp4j.race.Gallery;
import org.smp4j.race.GalleryEntry;
import org.smp4j.race.Variant;
import org.smp4j.scenario.free.FreeRun;

/** Races on real threads; only those are expected to show that show whatever the order is. */
class StressTest {
    private static final Duration LONG = Duration.ofMinutes(10);

    private static Stress.Counts runs(String slug, Variant variant, Duration patience, int count) {
        Stress stress = new Stress(Gallery.find(slug).orElseThrow(), variant, patience);
        for (int i = 0; i < count; i++) {
            stress.once(i);
        }
        return stress.counts();
    }

    @Test
    void countsWhatShowsByItsOwnCheck() {
        assertThat(runs("membarrier-skips-caller", Variant.BUGGY, LONG, 3))
                .isEqualTo(new Stress.Counts(3, Map.of("CPU not synced", 3L), false));
        assertThat(runs("membarrier-skips-caller", Variant.FIXED, LONG, 3))
                .isEqualTo(new Stress.Counts(3, Map.of(), false));
    }

    @Test
    void countsRunsThatDoNotEnd() {
        assertThat(runs("irq-work-busy-never-cleared", Variant.BUGGY, Duration.ofMillis(300), 2).shown())
                .isEqualTo(Map.of(FreeRun.UNENDED, 2L));
    }

    @Test
    void countsWarnings() {
        assertThat(runs("idle-preempt-count-drift", Variant.BUGGY, LONG, 1).shown().keySet())
                .allMatch(rule -> rule.startsWith("warning: ")).hasSize(1);
    }

    /** A run on a booted machine, with a device; what one run leaves in a static field does not matter. */
    @Test
    void everyRunBeginsAnew() {
        assertThat(runs("late-interrupt-after-report-dead", Variant.FIXED, LONG, 4).all()).isZero();
    }

    @Test
    void addsUp() {
        Stress.Counts both = new Stress.Counts(3, Map.of("a", 1L, "b", 1L), true)
                .and(new Stress.Counts(4, Map.of("b", 2L), false));
        assertThat(both).isEqualTo(new Stress.Counts(7, Map.of("a", 1L, "b", 3L), false));
        assertThat(both.all()).isEqualTo(4);
    }

    @ParameterizedTest
    @CsvSource({"csd-shared-nonatomic-lock,needs 3 CPUs", "stop-two-triangle,needs tasks",
        "csd-unlock-after-callback,only an oracle", "remote-op-on-this-cpu-cmpxchg,needs a device"})
    void racesThatAreNotOfTwoActorsAreRefusedByName(String slug, String why) {
        GalleryEntry entry = Gallery.find(slug).orElseThrow();
        assertThat(TwoActors.refusal(entry)).contains(slug, why);
        assertThatThrownBy(() -> new TwoActors(slug, Variant.BUGGY)).hasMessageContaining(slug);
    }

    static List<GalleryEntry> ofTwoActors() {
        return Gallery.all().stream().filter(entry -> TwoActors.refusal(entry) == null).toList();
    }

    /** All that is written compiles, jcstress accepts the shape of the tests, and the fixed variants hold. */
    @Test
    void testsForJcstressCompileAndRun(@TempDir Path dir) throws Exception {
        List<GalleryEntry> entries = ofTwoActors();
        assertThat(entries).hasSizeGreaterThan(10);
        compile(entries, dir);
        try (URLClassLoader loader = new URLClassLoader(new URL[] {dir.toUri().toURL()})) {
            for (GalleryEntry entry : entries) {
                assertThat(outcome(loader, entry.slug(), "Fixed")).as(entry.slug()).isEqualTo(TwoActors.HOLDS);
            }
            assertThat(outcome(loader, "offline-check-on-emptied-queue", "Buggy")).isEqualTo("silent detector");
        }
    }

    private static void compile(List<GalleryEntry> entries, Path dir) throws IOException {
        List<Path> files = new ArrayList<>();
        for (GalleryEntry entry : entries) {
            files.add(Files.writeString(dir.resolve(RaceSource.className(entry.slug()) + ".java"),
                    RaceSource.of(entry)));
        }
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, null)) {
            List<String> messages = new ArrayList<>();
            assertThat(compiler.getTask(null, manager, message -> messages.add(message.toString()),
                    List.of("-d", dir.toString(), "-cp", System.getProperty("java.class.path"), "-processor",
                    "org.openjdk.jcstress.infra.processors.JCStressTestProcessor"), null,
                    manager.getJavaFileObjectsFromPaths(files)).call()).as(messages.toString()).isTrue();
        }
    }

    private static String outcome(ClassLoader loader, String slug, String variant) throws Exception {
        Class<?> type = loader.loadClass("races." + RaceSource.className(slug) + "$" + variant);
        Object state = type.getConstructor().newInstance();
        List<Thread> threads = new ArrayList<>();
        for (String actor : List.of("cpu0", "cpu1")) {
            Method method = type.getMethod(actor);
            threads.add(Thread.ofPlatform().start(() -> {
                try {
                    method.invoke(state);
                } catch (ReflectiveOperationException e) {
                    throw new IllegalStateException(e);
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        L_Result result = new L_Result();
        type.getMethod("check", L_Result.class).invoke(state, result);
        return String.valueOf(result.r1);
    }
}
