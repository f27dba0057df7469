package org.smp4j.explore.run;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** Counts up during a run, so that another thread can see its progress. There is one exploration at a time in a JVM. */
public final class Heartbeat {
    // Below 0 between runs. Written by: the exploring thread. Read by: the thread that waits for it. Ordering: opaque;
    // only changes matter.
    private static long last = -1;
    private static final VarHandle LAST =
            ConstantBootstraps.staticFieldVarHandle(MethodHandles.lookup(), "last", VarHandle.class, Heartbeat.class,
                    long.class);
    // Written and read by: the exploring thread.
    private static long beats;

    private Heartbeat() {
    }

    /** Notes progress of a run. */
    public static void beat() {
        LAST.setOpaque(++beats);
    }

    /** Notes that a run is over. */
    public static void rest() {
        LAST.setOpaque(-beats);
    }

    /** {@return a number that changes during a run, and is below 0 between runs} */
    public static long last() {
        return (long) LAST.getOpaque();
    }
}
