package org.smp4j.explore;

import org.smp4j.explore.run.Stop;

/** Reports the progress now and then between schedules, and tells whether the exploration is to end. */
final class ProgressReports {
    private static final int PROGRESS_MASK = 0x3f;
    private static final int MOST_UNREPORTED = 100_000; // steps

    private final Explorer.Progress progress;
    private final Stop stop;
    private final Tally tally;
    private long reported; // steps
    private int asked; // also after runs that are no schedules

    ProgressReports(Explorer.Progress progress, Stop stop, Tally tally) {
        this.progress = progress;
        this.stop = stop;
        this.tally = tally;
    }

    boolean isOver() {
        if (stop.requested()) {
            return true;
        }
        if ((tally.schedules() & PROGRESS_MASK) == 0 || (++asked & PROGRESS_MASK) == 0
                || tally.steps() - reported > MOST_UNREPORTED) {
            reported = tally.steps();
            return !progress.at(tally.schedules(), tally.distinct().count(), reported) || stop.now();
        }
        return false;
    }
}
