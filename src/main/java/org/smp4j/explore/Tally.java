package org.smp4j.explore;

import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.run.Outcome;

/** Counts the runs of an exploration; those that are made to get to know the program are no schedules, and counted by themselves. */
final class Tally {
    private static final int MANY = 100;

    private final Distinct distinct = new Distinct();
    private boolean surveying = true;
    private long surveyed;
    private long schedules;
    private long repeated;
    private long steps;
    private int longest;
    private long cut;
    private long decisions;

    /** Whether the runs from here on are schedules. */
    void survey(boolean on) {
        surveying = on;
    }

    boolean surveying() {
        return surveying;
    }

    /** What was counted but for how many runs there were has told enough: schedules begin. */
    void begin() {
        surveying = false;
        steps = 0;
        cut = 0;
    }

    /** A search begins anew: what it has made so far does not count for what it shows, but for how much it may make. */
    void again() {
        repeated += schedules;
        schedules = 0;
        cut = 0;
        distinct.clear();
    }

    /** A run came to its end, or was cut. */
    void add(Execution x, Outcome outcome) {
        if (surveying) {
            surveyed++;
        } else {
            schedules++;
            distinct.add(x.hash());
        }
        steps += x.steps();
        longest = Math.max(longest, x.steps());
        decisions += x.decisions();
        cut += outcome == Outcome.CUT ? 1 : 0;
    }

    long surveyed() {
        return surveyed;
    }

    long schedules() {
        return schedules;
    }

    /** {@return how many schedules were made, those of searches that began anew counted in} */
    long made() {
        return schedules + repeated;
    }

    long steps() {
        return steps;
    }

    /** {@return how many steps the longest run had} */
    int longest() {
        return longest;
    }

    long cut() {
        return cut;
    }

    /** {@return whether some run could have gone another way} */
    boolean decided() {
        return decisions > 0;
    }

    Distinct distinct() {
        return distinct;
    }

    /** {@return what makes a report that nothing was found say little, or null} */
    String remark() {
        if (schedules == 0) {
            return "the time was over, or it was stopped, before the first schedule: there were only the " + surveyed + " runs to get to know it";
        }
        if (!decided()) {
            return "there was nothing to decide: a single thread ran, so there is one schedule";
        }
        return schedules > MANY && distinct.count() == 1 ? "all " + schedules + " schedules were the same" : null;
    }
}
