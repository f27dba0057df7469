package org.smp4j.cli.explore;

import java.util.Locale;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.cli.terminal.StopRequest;
import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.Explorer;

/** Shows the progress of an exploration on a terminal, and ends it in order when the command should end. */
public final class ExploreProgress implements Explorer.Progress, AutoCloseable {
    private final ProgressLine line;
    private final StopRequest stop;
    private final long seconds; // 0: the number of schedules is the limit
    private final long most;
    private final long start = System.nanoTime();

    /**
     * The progress of an exploration that begins now.
     *
     * @param session the session of the command that explores
     * @param task what the line on the terminal begins with
     * @param options the options of the exploration, which say when it ends
     * @param shown whether there is a line; else the exploration can only be ended
     */
    public ExploreProgress(Session session, String task, ExploreOptions options, boolean shown) {
        line = new ProgressLine(session.screen(), task, shown);
        stop = session.stop();
        seconds = options.budgetNanos() == Long.MAX_VALUE ? 0 : Math.max(1, options.budgetNanos() / 1_000_000_000L);
        most = options.schedules();
    }

    @Override
    public boolean at(long schedules, long distinct, long steps) {
        if (line.due()) {
            long nanos = Math.max(1, System.nanoTime() - start);
            String more =
                    String.format(Locale.ROOT, "%.0f/s, %d%% distinct, depth %d", schedules * 1e9 / nanos,
                    100 * distinct / Math.max(1, schedules), steps / Math.max(1, schedules));
            if (seconds > 0) {
                line.draw(nanos / 1_000_000_000L, seconds, " s", more);
            } else {
                line.draw(schedules, most, "", more);
            }
        }
        return !stop.made();
    }

    @Override
    public boolean stopped() {
        return stop.made();
    }

    @Override
    public void close() {
        line.close();
    }
}
