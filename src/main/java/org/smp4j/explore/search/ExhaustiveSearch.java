package org.smp4j.explore.search;

import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strategy;

/**
 * A strategy that makes one schedule after the other until it has made all within its scope, and then can claim a
 * proof.
 */
public abstract class ExhaustiveSearch extends Strategy {
    /**
     * Goes on to the next schedule.
     *
     * @param x the last run
     * @return whether there is a next schedule
     */
    public abstract boolean advance(Run x);

    /** {@return the observer of its runs; null if it needs none} */
    public Observer observer() {
        return null;
    }

    /** {@return whether it makes only one of the schedules that differ in the order of independent steps} */
    public abstract boolean isReduced();

    /**
     * The claim once there is no next schedule.
     *
     * @param schedules how many were made
     * @return the beginning of a sentence
     */
    public abstract String claim(long schedules);
}
