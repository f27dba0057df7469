package org.smp4j.fuzz.grammar;

import org.smp4j.fuzz.program.Stage;

/** The floors of the tower that operations belong to, lowest first. */
public enum Floor {
    /** Calls between CPUs, irq_works, and what is below them. */
    CALL,
    /** Tasks and what they wait for. */
    SCHED,
    /** Stoppers. */
    STOP,
    /** CPUs that come and go. */
    HOTPLUG;

    /**
     * {@return whether operations of this floor are possible on a stage}
     *
     * @param stage the stage
     */
    public boolean isOn(Stage stage) {
        return switch (stage) {
            case CPUS -> this == CALL;
            case TASKS -> this != HOTPLUG;
            case MACHINE -> true;
        };
    }
}
