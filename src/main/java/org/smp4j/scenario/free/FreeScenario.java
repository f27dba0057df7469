package org.smp4j.scenario.free;

/** A scenario that can also run without the explorer. */
public interface FreeScenario {
    /**
     * Runs it once, and checks the outcome. The oracles do not watch: what they would see counts only if the scenario's
     * own check, a warning of the kernel or a run without end shows it too.
     *
     * @param host its threads
     */
    void runFree(FreeHost host);
}
