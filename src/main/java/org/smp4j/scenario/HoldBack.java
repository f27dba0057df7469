package org.smp4j.scenario;

import static org.smp4j.weave.Hook.hook;

import org.smp4j.weave.Hook;

/** A point, woven into the kernel, at which a thread goes on only after a change, or when no other thread can. */
public final class HoldBack {
    private HoldBack() {
    }

    /** {@return what to insert there} */
    public static Hook here() {
        return hook(HoldBack.class, "holdBack");
    }

    /** Lets all others run that can. In a loop, as a turn of which the explorer holds a thread back. */
    public static void holdBack() {
        for (int turn = 0; turn < 1; turn++) {
            Thread.onSpinWait();
        }
    }
}
