package org.smp4j.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.smp4j.torture.ScfStatistics;
import org.smp4j.torture.Torture;

/** Shows on a terminal how far a torture run is. */
final class TortureProgress implements AutoCloseable {
    private static final int PERIOD_MILLIS = 250;

    private final Torture torture;
    private final int seconds;
    private final ProgressLine line;
    private final ScheduledExecutorService clock;
    private final long start = System.nanoTime();

    /**
     * A progress line.
     *
     * @param torture the run
     * @param seconds how long it lasts, 0 if that is not known
     * @param screen where its log goes
     */
    TortureProgress(Torture torture, int seconds, Screen screen) {
        this.torture = torture;
        this.seconds = seconds;
        line = new ProgressLine(screen, "torture", true);
        clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("progress").factory());
        clock.scheduleAtFixedRate(this::step, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private void step() {
        ScfStatistics statistics = torture.statistics();
        long elapsed = (System.nanoTime() - start) / 1_000_000_000L;
        line.draw(elapsed, seconds, " s", statistics == null ? "" : statistics.invoked() + " invocations");
    }

    @Override
    public void close() {
        clock.close(); // waits: what is drawn later would stay
        line.close();
    }
}
