package org.smp4j.cli;

import java.util.Locale;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;

/** Shows on a terminal how far an exploration is, and ends it in order on Ctrl-C. */
final class ExploreProgress implements Explorer.Progress, AutoCloseable {
    private static final int PERIOD_MILLIS = 250;

    private final ProgressBar bar;
    private final Thread hook;
    private final boolean timed;
    private final long start = System.nanoTime();

    // Written by: Ctrl-C. Read by: whoever explores, between schedules. Ordering: volatile.
    private volatile boolean stop;

    ExploreProgress(String task, ExploreOptions options) {
        timed = options.budgetNanos() != Long.MAX_VALUE;
        bar = Terminal.present() ? new ProgressBarBuilder().setTaskName(task).setUnit(timed ? " s" : "", 1)
                .setInitialMax(timed ? options.budgetNanos() / 1_000_000_000L : options.schedules()).setUpdateIntervalMillis(PERIOD_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(System.err)).build() : null;
        hook = Interrupt.install(() -> stop = true);
    }

    boolean stopped() {
        return stop;
    }

    @Override
    public boolean at(long schedules, long distinct, long steps) {
        if (bar != null) {
            long nanos = Math.max(1, System.nanoTime() - start);
            bar.stepTo(timed ? nanos / 1_000_000_000L : schedules);
            bar.setExtraMessage(String.format(Locale.ROOT, " %.0f/s, %d%% distinct, depth %d", schedules * 1e9 / nanos, 100 * distinct / Math.max(1, schedules),
                    steps / Math.max(1, schedules)));
        }
        return !stop;
    }

    @Override
    public void close() {
        if (bar != null) {
            bar.close();
        }
        Interrupt.remove(hook);
    }
}
