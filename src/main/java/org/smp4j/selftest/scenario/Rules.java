package org.smp4j.selftest.scenario;

import java.util.List;
import java.util.function.Supplier;
import org.smp4j.explore.Exploring;

/** States what must be true of the tower in every interleaving. */
public final class Rules {
    private Rules() {
    }

    /** Ends the run as a failure unless the rule holds; context: a strand of the scenario. */
    public static void mustHold(boolean rule, String name, Supplier<String> message) {
        if (!rule) {
            Exploring.broken(name, message.get(), List.of());
        }
    }
}
