package org.smp4j.cli.fuzz;

import java.util.Locale;
import org.smp4j.cli.session.Session;
import org.smp4j.cli.terminal.ProgressLine;
import org.smp4j.cli.terminal.StopRequest;
import org.smp4j.fuzz.Campaign;
import org.smp4j.fuzz.FuzzOptions;

/** Shows the progress of a campaign on a terminal, and ends it in order when the command should end. */
final class FuzzProgress implements Campaign.Progress, AutoCloseable {
    private final ProgressLine line;
    private final StopRequest stop;
    private final long seconds; // 0: the number of programs is the limit
    private final long most;
    private final long start = System.nanoTime();
    private long done;
    private int pairs;
    private int failures;

    FuzzProgress(Session session, FuzzOptions options) {
        line = new ProgressLine(session.screen(), "fuzz", true);
        stop = session.stop();
        seconds = options.budgetNanos() == Long.MAX_VALUE ? 0 : Math.max(1, options.budgetNanos() / 1_000_000_000L);
        most = options.programs();
    }

    @Override
    public boolean at(long programs, int covered, int found) {
        done = programs;
        pairs = covered;
        failures = found;
        return within(0);
    }

    /** Within a round: so many more programs are done; {@return whether to go on} */
    synchronized boolean within(int more) {
        if (line.due()) {
            long nanos = Math.max(1, System.nanoTime() - start);
            long programs = done + more;
            String text = String.format(Locale.ROOT, "%.1f/s, %d pairs, %d found", programs * 1e9 / nanos, pairs,
                    failures);
            if (seconds > 0) {
                line.draw(nanos / 1_000_000_000L, seconds, " s", text);
            } else {
                line.draw(programs, most, "", text);
            }
        }
        return !stop.made() && (seconds == 0 || System.nanoTime() - start < seconds * 1_000_000_000L);
    }

    boolean stopped() {
        return stop.made();
    }

    @Override
    public void close() {
        line.close();
    }
}
