package org.smp4j.explore.model;

/** How a run ended. */
public enum Outcome {
    /** Every strand but daemons has ended. */
    COMPLETE,
    /** A rule is broken; the run's failure says which. */
    FAILED,
    /** The run exceeded the step limit. Nothing is claimed of it. */
    CUT,
    /** The search has already covered the rest of the run. */
    PRUNED,
    /** The exploration was asked to end during the run. Nothing is claimed of it. */
    STOPPED
}
