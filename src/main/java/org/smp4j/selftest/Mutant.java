package org.smp4j.selftest;

import org.smp4j.weave.Weave;

/**
 * A piece of the tower that is wrong, and the scenario that has to find it out.
 *
 * @param name its name
 * @param what what was done to the tower
 * @param scenario a class that is explored
 * @param frame what is woven in that is no mutation, but only helps the scenario
 * @param mutation the mutation
 */
public record Mutant(String name, String what, Class<? extends Runnable> scenario, Weave frame, Weave mutation) {
    private static final String PREFIX = "selftest-";

    /** {@return what tokens and reports call its exploration} */
    public String program() {
        return PREFIX + name;
    }
}
