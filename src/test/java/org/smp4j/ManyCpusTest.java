package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

class ManyCpusTest {
    @Test
    void aMachineMayHaveFarMoreCpusThanTheHost() {
        ManyCpus.run(128);
    }

    @Tag("soak")
    @Test
    @Timeout(900)
    void aThousandCpusNeedAGibibyteAtMost(@TempDir Path dir) throws IOException, InterruptedException {
        Path output = dir.resolve("output");
        Process jvm = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java")
                .toString(), "--enable-native-access=ALL-UNNAMED", "-Xmx1g",
                "-cp", System.getProperty("java.class.path"), ManyCpus.class.getName(), "1024")
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            assertThat(jvm.waitFor(800, TimeUnit.SECONDS)).as("ended").isTrue();
        } finally {
            jvm.destroyForcibly();
        }
        assertThat(jvm.exitValue()).as(Files.readString(output)).isZero();
    }
}
