package org.smp4j.explore;

import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.model.Outcome;

/** Counts the runs of an exploration; runs that get to know the program are counted apart from the schedules. */
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
    private int strands;

    /** Sets whether the runs from here on belong to the survey. */
    void survey(boolean on) {
        surveying = on;
    }

    boolean surveying() {
        return surveying;
    }

    /** Schedules begin: resets all counts except the number of surveyed runs. */
    void begin() {
        surveying = false;
        steps = 0;
        cut = 0;
    }

    /** A search begins anew: its runs so far do not count for the claim, but for the limit of schedules. */
    void again() {
        repeated += schedules;
        schedules = 0;
        cut = 0;
        distinct.clear();
    }

    /** Counts a run that ended or was cut. */
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
        strands = Math.max(strands, x.view.strandCount());
        cut += outcome == Outcome.CUT ? 1 : 0;
    }

    long surveyed() {
        return surveyed;
    }

    long schedules() {
        return schedules;
    }

    /** {@return the number of schedules, including those of a search before it began anew} */
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

    /** {@return whether some run had a decision to make} */
    boolean decided() {
        return decisions > 0;
    }

    Distinct distinct() {
        return distinct;
    }

    /** {@return a remark if a report without a failure shows little, or null} */
    String remark() {
        if (schedules == 0) {
            return "the time was over, or the exploration was stopped, before the first schedule: there were only the "
                    + surveyed + " runs that get to know the program";
        }
        if (!decided()) {
            return "there was nothing to decide: " + (strands == 1 ? "a single thread ran"
                    : "threads that ran side by side made no step") + ", so there is one schedule";
        }
        return schedules > MANY && distinct.count() == 1 ? "all " + schedules + " schedules were the same" : null;
    }
}
