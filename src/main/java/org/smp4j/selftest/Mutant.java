package org.smp4j.selftest;

import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.weave.Weave;

/**
 * A wrong change to the tower, and the scenario that has to detect it.
 *
 * @param name its name
 * @param what the change to the tower
 * @param scenario the class to explore
 * @param premise edits without which the mutation changes nothing that can be seen, as something else protects as well
 * @param frame edits that only help the scenario, and are no part of the mutation
 * @param mutation the mutation
 * @param memory the memory model under which it shows
 */
public record Mutant(String name, String what, Class<? extends Runnable> scenario, Weave premise, Weave frame,
        Weave mutation, MemoryModel memory) {
    private static final String PREFIX = "selftest-";

    /** Makes one without a premise. */
    public Mutant(String name, String what, Class<? extends Runnable> scenario, Weave frame, Weave mutation,
            MemoryModel memory) {
        this(name, what, scenario, Weave.nothing(), frame, mutation, memory);
    }

    /** Makes one that shows whatever the memory model is. */
    public Mutant(String name, String what, Class<? extends Runnable> scenario, Weave frame, Weave mutation) {
        this(name, what, scenario, frame, mutation, MemoryModel.SC);
    }

    /** {@return the name of its exploration in tokens and reports} */
    public String program() {
        return PREFIX + name;
    }
}
