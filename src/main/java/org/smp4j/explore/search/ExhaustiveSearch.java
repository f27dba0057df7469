package org.smp4j.explore.search;

import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strategy;

/** A strategy that makes one schedule after the other until it has made all that it is to make; then something is proven. */
public abstract class ExhaustiveSearch extends Strategy {
    /**
     * Goes on to the next schedule.
     *
     * @param x the run that was made last
     * @return whether there is a next schedule
     */
    public abstract boolean advance(Run x);

    /** {@return the observer of its runs; null if it needs none} */
    public Observer observer() {
        return null;
    }

    /** {@return whether of the orders of independent steps it makes one only} */
    public abstract boolean isReduced();

    /**
     * What is proven once there is no next schedule.
     *
     * @param schedules how many were made
     * @return the beginning of a sentence
     */
    public abstract String claim(long schedules);
}
