package org.smp4j.stress;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.Options;

/**
 * Ends forks that hang, for which jcstress waits without a bound: prints their threads first. The test then counts as
 * failed, and the run goes on.
 */
final class ForkWatch implements AutoCloseable {
    private static final int MARGIN = 10; // a busy host may take that much longer
    private static final Duration STARTUP = Duration.ofMinutes(2);
    private static final long LOOK_SECONDS = 1;

    private final Duration bound;
    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("fork-watch").factory());

    ForkWatch(Options options) {
        this(STARTUP.plusMillis((long) MARGIN * options.getIterations() * options.getTime()));
    }

    ForkWatch(Duration bound) {
        this.bound = bound;
        looks.scheduleWithFixedDelay(this::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    private void look() {
        Instant oldest = Instant.now().minus(bound);
        ProcessHandle.current().children().filter(fork -> fork.info().startInstant().map(oldest::isAfter).orElse(false))
                .forEach(this::end);
    }

    private void end(ProcessHandle fork) {
        System.err.println("StressMain: fork " + fork.pid() + " has not ended after " + bound.toSeconds()
                + " s and is killed; its threads:");
        try {
            Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
            new ProcessBuilder(jcmd.toString(), Long.toString(fork.pid()), "Thread.print").inheritIO().start()
                    .waitFor(1, TimeUnit.MINUTES);
        } catch (IOException e) {
            System.err.println("StressMain: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            fork.destroyForcibly();
        }
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
