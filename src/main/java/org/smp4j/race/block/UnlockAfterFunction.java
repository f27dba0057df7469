package org.smp4j.race.block;

import static org.smp4j.weave.Call.call;

import org.smp4j.call.CallFlusher;
import org.smp4j.call.Csd;
import org.smp4j.weave.Weave;

/** The target unlocks a csd without a waiter only when its function has run, as it did before 8053871d0f7f. */
public final class UnlockAfterFunction {
    private UnlockAfterFunction() {
    }

    /** {@return the mistake} */
    public static Weave weave() {
        return Weave.in(CallFlusher.class, "runAsync").move(call(Csd.class, "unlock"))
                .after(call(CallFlusher.class, "csdDoFunc"));
    }
}
