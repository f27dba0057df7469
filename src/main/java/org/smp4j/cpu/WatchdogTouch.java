package org.smp4j.cpu;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A CPU's heartbeat, with which a CPU that waits with interrupts off for a good reason tells the watchdog that it does
 * not hang; mirrors {@code touch_softlockup_watchdog} and {@code touch_nmi_watchdog} of {@code kernel/watchdog.c}.
 */
public final class WatchdogTouch {
    private static final VarHandle COUNT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "count", VarHandle.class, WatchdogTouch.class, int.class);

    // Written by: the CPU's sitter.
    // Read by: the watchdog.
    // Ordering: opaque: the count may be stale at once.
    private int count;

    WatchdogTouch() {
    }

    /** Gives one heartbeat. Context: on the CPU, any. */
    public void touch() {
        COUNT.setOpaque(this, count + 1);
    }

    /** {@return how many heartbeats there were, possibly stale at once} */
    public int count() {
        return (int) COUNT.getOpaque(this);
    }
}
