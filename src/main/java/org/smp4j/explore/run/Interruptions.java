package org.smp4j.explore.run;

import org.smp4j.explore.model.Departures;

/** The interrupts of a run, as strategies and searches see them. */
public interface Interruptions {
    /**
     * The number of kinds: two for each interrupt from outside, one for strands that the scenario focuses on and one
     * for others.
     */
    int KINDS = 64;

    /** {@return the kind of an interrupt that reaches a strand} */
    static int kind(Strand strand, int number) {
        return 2 * number + (strand.isFocused() ? 1 : 0);
    }

    /** {@return whether the scenario has processors} */
    boolean exist();

    /** {@return whether an interrupt could have been taken in this run} */
    boolean offered();

    /** {@return the number of the interrupt that comes by default, or {@link Departures#NO_INTERRUPT}} */
    int expected(Strand strand, int possible);

    /** {@return whether interrupts are masked before the strand's next step, whatever is pending} */
    boolean masked(Strand strand);

    /** {@return how many chances an interrupt has had in this run to reach a strand like this one} */
    int chances(Strand strand, int number);

    /** {@return how many chances the interrupts of a kind have had in this run} */
    int chances(int kind);
}
