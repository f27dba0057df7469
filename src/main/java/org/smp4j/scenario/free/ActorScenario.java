package org.smp4j.scenario.free;

import java.util.List;
import org.smp4j.lib.Lifetime;

/** A scenario whose CPUs threads of the caller can play, once for each object. */
public interface ActorScenario {
    /** {@return for each CPU a thread that is not started, whose {@code run} plays the CPU until all have played} */
    List<Thread> actors();

    /** {@return what ends all waits of its CPUs} */
    Lifetime lifetime();

    /** Checks the outcome, when all CPUs have played. */
    void conclude();
}
