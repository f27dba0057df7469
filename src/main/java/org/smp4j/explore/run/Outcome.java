package org.smp4j.explore.run;

/** How a run ended. */
public enum Outcome {
    /** Every strand but daemons has ended. */
    COMPLETE,
    /** A rule is broken; the run's failure says which. */
    FAILED,
    /** The run took more steps than allowed. Nothing is claimed of it. */
    CUT,
    /** The search knows already what comes from here. */
    PRUNED,
    /** The exploration was to end while the run was going on. Nothing is claimed of it. */
    STOPPED
}
