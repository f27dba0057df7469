package org.smp4j.cli.torture;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.cli.terminal.Screen;
import org.smp4j.torture.ScfStatistics;
import org.smp4j.torture.Torture;

/** Shows the progress of a torture run on a terminal. */
final class TortureProgress implements AutoCloseable {
    private static final int PERIOD_MILLIS = 100;

    private final Torture torture;
    private final int seconds;
    private final Consumer<ScfStatistics> samples;
    private final ProgressLine line;
    private final ScheduledExecutorService clock;
    private final long start = System.nanoTime();

    /**
     * A progress line.
     *
     * @param torture the run
     * @param seconds its duration, 0 if unknown
     * @param screen where the log goes
     * @param samples gets the counters at each of its steps
     */
    TortureProgress(Torture torture, int seconds, Screen screen, Consumer<ScfStatistics> samples) {
        this.torture = torture;
        this.samples = samples;
        this.seconds = seconds;
        line = new ProgressLine(screen, "torture", true);
        clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("progress").factory());
        clock.scheduleAtFixedRate(this::step, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void step() {
        ScfStatistics statistics = torture.statistics();
        if (statistics != null) {
            samples.accept(statistics);
        }
        if (line.due()) {
            long elapsed = (System.nanoTime() - start) / 1_000_000_000L;
            line.draw(elapsed, seconds, " s", statistics == null ? "" : statistics.invoked() + " invocations");
        }
    }

    @Override
    public void close() {
        clock.close(); // waits for it: a line drawn later would stay
        line.close();
    }
}
