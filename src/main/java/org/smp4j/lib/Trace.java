package org.smp4j.lib;

/**
 * The gate in front of every tracepoint; mirrors the static keys of {@code include/linux/tracepoint.h}. The system
 * property {@link #PROPERTY} decides once, when the class is loaded, so that a closed gate costs nothing.
 */
public final class Trace {
    /** The system property that opens the gate. */
    public static final String PROPERTY = "smp4j.trace";

    /** Whether tracepoints exist in this JVM (more precisely: in this class loader). */
    public static final boolean ON = Boolean.getBoolean(PROPERTY);

    private Trace() {
    }
}
