package org.smp4j.explore.model;

import org.smp4j.explore.hooks.Hooks;

/** The bits of a site's mode: what an access does to its location, and its memory ordering. */
public final class Access {
    /** The access reads. */
    public static final int READ = 1;
    /** The access writes. */
    public static final int WRITE = 2;
    /** The access writes only if {@link Hooks#exchanged} says so. */
    public static final int CONDITIONAL = 4;
    /** Writes before the release that the access sees are visible after the access. */
    public static final int ACQUIRE = 8;
    /** Earlier writes are visible after an acquire that sees the access. */
    public static final int RELEASE = 16;
    /**
     * A plain access to a field or array element: two such accesses, one of them a write and neither ordered before the
     * other, are a data race.
     */
    public static final int PLAIN = 32;
    /**
     * A read with the memory semantics of a plain one that is meant to race: {@code VarHandle.get} and similar methods.
     */
    public static final int UNORDERED = 4096;
    /** No interrupt is taken here: the code is the hardware's. */
    public static final int HARDWARE = 64;
    /** The call iterates over a collection, whose order may matter. */
    public static final int WALK = 128;
    /** The call compares what it reads with other objects; alone: with what a collection has. */
    public static final int COMPARE = 8192;
    /** Beside acquire or release: the access is volatile. */
    public static final int VOLATILE = 256;
    /** A fence that orders reads only, or writes only: loadLoadFence, storeStoreFence. */
    public static final int SAME_KIND = 512;
    /** The site is in code of the JDK. */
    public static final int JDK = 2048;
    /** No other strand steps before: the site is in code of the JDK whose calls are atomic up to where they block. */
    public static final int INNER = 1024;
    /** An atomic read and write that acquires and releases. */
    public static final int EXCHANGE = READ | WRITE | ACQUIRE | RELEASE;

    /** Stands for what a conditional write expects to read, where that is not known. */
    public static final Object UNKNOWN = new Object();

    private Access() {
    }
}
