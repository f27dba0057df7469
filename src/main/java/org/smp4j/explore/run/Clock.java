package org.smp4j.explore.run;

/** The virtual clock of a run, as strategies see it. */
public interface Clock {
    /** {@return how often a timeout could have fired before its time} */
    int chances();

    /** {@return how often a strand has read the clock where time could have passed} */
    int looks();

    /** {@return the number of the strand that times out first, of those in a set} */
    int earliest(StrandSet waiting);
}
