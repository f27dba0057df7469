package org.smp4j.race.block;

import static org.smp4j.weave.Hook.hook;

import org.smp4j.cpu.Preempt;
import org.smp4j.weave.Hook;

/** A moment in which code can be preempted that has preemption off before and after it. */
public final class Gap {
    private Gap() {
    }

    /** {@return what to insert there} */
    public static Hook inPreemption() {
        return hook(Gap.class, "preemptible");
    }

    /** Preemptible for a moment. */
    public static void preemptible() {
        Preempt.enable();
        Preempt.disable();
    }
}
