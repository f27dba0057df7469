package org.smp4j.explore.run;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts up while a run goes on, so that another thread can see that it does. One exploration at a time in a JVM. */
public final class Heartbeat {
    // Below 0 between runs.
    // Written by: the thread that explores. Read by: the one that waits for it. Ordering: opaque; it only has to move.
    private static long last = -1;
    private static final VarHandle LAST =
            ConstantBootstraps.staticFieldVarHandle(MethodHandles.lookup(), "last", VarHandle.class, Heartbeat.class, long.class);
    // Written and read by: the thread that explores.
    private static long beats;

    private Heartbeat() {
    }

    /** A run goes on. */
    public static void beat() {
        LAST.setOpaque(++beats);
    }

    /** A run is over. */
    public static void rest() {
        LAST.setOpaque(-beats);
    }

    /** {@return a number that changes while a run goes on, and is below 0 between runs} */
    public static long last() {
        return (long) LAST.getOpaque();
    }
}
