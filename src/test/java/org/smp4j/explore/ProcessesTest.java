package org.smp4j.explore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.cli.Main;
import org.smp4j.explore.protocol.BareSeed;
import org.smp4j.explore.protocol.Small;

/**
 * The report of an exploration does not depend on the JVM that runs it, and a longer exploration needs no more memory.
 */
class ProcessesTest {
    private record Run(int exit, String out) {
    }

    @TempDir
    Path directory; // where the tokens go

    private Run explore(List<String> flags, Class<?> scenario, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "--add-exports",
                "java.base/jdk.internal.vm=ALL-UNNAMED"));
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName(), "explore",
                scenario.getName()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), out);
    }

    @Test
    void theSameWithEveryCollector() throws Exception {
        for (Class<?> scenario : new Class<?>[] {BareSeed.Preemptible.class, Small.Parks.class}) {
            Run g1 = explore(List.of("-XX:+UseG1GC"), scenario, "--schedules", "300", "--seed", "5");
            Run parallel = explore(List.of("-XX:+UseParallelGC"), scenario, "--schedules", "300", "--seed", "5");
            assertThat(g1.out()).contains("schedules");
            assertThat(parallel).isEqualTo(g1);
        }
    }

    @Test
    @Tag("soak")
    @Timeout(value = 15, unit = TimeUnit.MINUTES)
    void tenMillionSchedulesInAHeapOf512MiB() throws Exception {
        Run run = explore(List.of("-Xmx512m"), BareSeed.Rated.class, "--schedules", "10000000");
        assertThat(run.exit()).isZero();
        assertThat(run.out()).contains("passed");
    }
}
