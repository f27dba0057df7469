package org.smp4j.trace.event;

/**
 * A field of an event, in the order of the print layout.
 *
 * @param name the kernel's name
 * @param kind how it is stored and printed
 */
public record Field(String name, Kind kind) {
    /** How a field is stored and printed. */
    public enum Kind {
        /** An {@link Integer}. */
        INT,
        /** A function: its name as a {@link String}, null for none. */
        SYMBOL,
        /** An object, in place of a hashed pointer: a {@link Long}, 0 for null. */
        POINTER,
        /** A {@link String}. */
        TEXT,
        /** A set of CPUs: a {@link java.util.BitSet}. */
        MASK
    }
}
