package org.smp4j.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** A fork that hangs does not hang the run. */
class ForkWatchTest {
    /** A fork that never ends. */
    static final class Hangs {
        private Hangs() {
        }

        public static void main(String[] args) {
            for (;;) {
                LockSupport.park();
            }
        }
    }

    @Test
    void endsWhatHangs() throws Exception {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process fork = new ProcessBuilder(java, "-cp", System.getProperty("java.class.path"), Hangs.class.getName())
                .start();
        try (ForkWatch _ = new ForkWatch(Duration.ZERO)) {
            assertThat(fork.waitFor(3, TimeUnit.MINUTES)).isTrue();
        } finally {
            fork.destroyForcibly();
        }
    }
}
