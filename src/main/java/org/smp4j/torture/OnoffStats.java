package org.smp4j.torture;

import java.util.Locale;
import org.smp4j.sched.Timers;

/**
 * How often CPUs went on- and offline, and how long it took, in jiffies; after {@code torture_onoff_stats} of
 * {@code kernel/torture.c}.
 *
 * @param online the way up
 * @param offline the way down
 */
public record OnoffStats(Direction online, Direction offline) {
    /** Nothing happened. */
    public static final OnoffStats NONE = new OnoffStats(Direction.NONE, Direction.NONE);

    /**
     * One way.
     *
     * @param attempts how many were tried
     * @param successes how many succeeded
     * @param min the shortest; -1 if there was none
     * @param max the longest; -1 if there was none
     * @param sum of all
     */
    public record Direction(long attempts, long successes, int min, int max, long sum) {
        /** Nothing happened. */
        public static final Direction NONE = new Direction(0, 0, -1, 0, 0);
    }

    /** {@return whether an attempt failed; after {@code torture_onoff_failures}} */
    public boolean failed() {
        return online.attempts != online.successes || offline.attempts != offline.successes;
    }

    /** {@return the part of the statistics line, with a blank at its end} */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "onoff: %d/%d:%d/%d %d,%d:%d,%d %d:%d (HZ=%d) ", online.successes,
                online.attempts, offline.successes,
                offline.attempts, online.min, online.max, offline.min, offline.max, online.sum, offline.sum, Timers.HZ);
    }
}
