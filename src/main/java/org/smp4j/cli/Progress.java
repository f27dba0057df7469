package org.smp4j.cli;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.smp4j.torture.ScfStatistics;
import org.smp4j.torture.Torture;

/** Shows on a terminal how far a run is. */
final class Progress implements AutoCloseable {
    private static final int PERIOD_MILLIS = 250;

    private final Torture torture;
    private final int seconds;
    private final Screen screen;
    private final ProgressBar bar;
    private final ScheduledExecutorService clock;
    private final long start = System.nanoTime();

    private Progress(Torture torture, int seconds, Screen screen) {
        this.torture = torture;
        this.seconds = seconds;
        this.screen = screen;
        bar = new ProgressBarBuilder().setTaskName("torture").setUnit(" s", 1).setInitialMax(seconds > 0 ? seconds : -1)
                .setUpdateIntervalMillis(PERIOD_MILLIS).setConsumer(new ConsoleProgressBarConsumer(System.err)).build();
        screen.bar(true);
        clock = Executors.newSingleThreadScheduledExecutor(Thread.ofPlatform().daemon().name("progress").factory());
        clock.scheduleAtFixedRate(this::step, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    /**
     * A progress bar.
     *
     * @param torture the run
     * @param seconds how long it lasts, 0 if that is not known
     * @param screen where its log goes
     * @return the bar; null where nobody would see it
     */
    static Progress of(Torture torture, int seconds, Screen screen) {
        return Terminal.present() ? new Progress(torture, seconds, screen) : null;
    }

    private void step() {
        ScfStatistics statistics = torture.statistics();
        long elapsed = (System.nanoTime() - start) / 1_000_000_000L;
        bar.stepTo(seconds > 0 ? Math.min(seconds, elapsed) : elapsed);
        if (statistics != null) {
            bar.setExtraMessage(" " + statistics.invoked() + " invocations");
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        bar.close();
        screen.bar(false);
    }
}
