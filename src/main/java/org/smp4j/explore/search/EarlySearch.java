package org.smp4j.explore.search;

import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.strategy.Portfolio;

/**
 * Runs of a search among the schedules of a portfolio. A failure that needs one certain order of many steps is drawn
 * once in a million schedules, but may be near the beginning of a search. An exploration makes these runs before one
 * schedule with a fixed number, so that they are made once for any number of jobs.
 */
public final class EarlySearch {
    private static final int BEFORE = 500;
    private static final int RUNS = 300;
    static final int SHORT = 1000;

    private final Run x;
    private PartialOrderSearch search;
    private int runs;

    /** Makes the search; {@code x} is the execution that makes its runs. */
    public EarlySearch(Run x) {
        this.x = x;
        again();
    }

    /**
     * Whether the runs are due now.
     *
     * @param schedule the next schedule
     * @param strategy the strategy that makes it
     * @param steps the length of the default run, which those of a search resemble
     * @param x the execution that makes it
     */
    public static boolean isDue(long schedule, Strategy strategy, int steps, Run x) {
        return schedule == BEFORE && strategy instanceof Portfolio && steps < SHORT && !x.interruptions().exist()
                && x.strandCount() <= StrandSet.FEW;
    }

    /** The set of steps has changed: the search begins anew. */
    public void again() {
        search = PartialOrderSearch.amongSamples();
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
