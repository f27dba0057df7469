package org.smp4j.explore.memory;

/** The memory models: which older values a read may return. */
public enum MemoryModel {
    /** Sequential consistency: a read returns the newest value. */
    SC,
    /** Java's access modes: a read may return an older value as far as the modes of JDK 9 allow it. */
    JAVA,
    /** Store buffers, as x86 has them: a strand may read a location before its own earlier stores are visible. */
    TSO
}
