package org.smp4j.stop;

import java.lang.invoke.VarHandle;
import org.smp4j.scenario.oracle.Fields;

/** A stopper that forgets its works before it takes one. */
public final class LosesWorks {
    private static final VarHandle FIRST = Fields.field(CpuStopper.class.getName(), "first");
    private static final VarHandle LAST = Fields.field(CpuStopper.class.getName(), "last");

    private LosesWorks() {
    }

    public static void forget(Object stopper, Object self) {
        FIRST.set(stopper, null);
        LAST.set(stopper, null);
    }
}
