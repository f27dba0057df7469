package org.smp4j.explore.run;

/** The virtual clock of a run, as strategies see it. */
public interface Clock {
    /** {@return how often a timeout could have fired before its time} */
    int chances();

    /** {@return how often a strand has looked at the clock where a while could have passed} */
    int looks();

    /** {@return of some strands, by bit, the number of the one that times out first} */
    int earliest(long waiting);
}
