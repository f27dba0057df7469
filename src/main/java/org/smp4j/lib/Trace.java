package org.smp4j.lib;

/**
 * The gate in front of every tracepoint; mirrors the static keys of {@code include/linux/tracepoint.h}. The system
 * property {@code smp4j.trace} decides once, when the class is loaded, so that a closed gate costs nothing.
 */
public final class Trace {
    /** Whether tracepoints exist in this JVM (more precisely: in this class loader). */
    public static final boolean ON = Boolean.getBoolean("smp4j.trace");

    private Trace() {
    }
}
