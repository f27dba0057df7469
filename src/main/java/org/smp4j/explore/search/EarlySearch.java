package org.smp4j.explore.search;

import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.strategy.Portfolio;

/**
 * Some runs of a search amid the schedules of a portfolio. A failure that needs one order of many steps is drawn once
 * in a million schedules, but is near the beginning of a search. An exploration makes these runs before one schedule,
 * whose number is always the same, so that they are made once for any number of jobs.
 */
public final class EarlySearch {
    private static final int BEFORE = 500;
    private static final int RUNS = 300;
    private static final int SHORT = 1000;

    private final Run x;
    private PartialOrderSearch search;
    private int runs;

    public EarlySearch(Run x) {
        this.x = x;
        again();
    }

    /**
     * Whether now is the time.
     *
     * @param schedule the next schedule
     * @param strategy by which it is made
     * @param steps how long a run is by default: those of a search are as long
     * @param x where it is run
     */
    public static boolean isDue(long schedule, Strategy strategy, int steps, Run x) {
        return schedule == BEFORE && strategy instanceof Portfolio && steps < SHORT && !x.interruptions().exist();
    }

    /** What a step is has changed: the search begins anew. */
    public void again() {
        search = new PartialOrderSearch(true);
    }

    /** {@return the strategy of the next run; null if there is none} */
    public Strategy next() {
        return runs++ < RUNS && search.advance(x) ? search : null;
    }

    /** {@return the observer of the next run} */
    public Observer observer() {
        return search;
    }
}
