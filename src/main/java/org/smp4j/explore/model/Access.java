package org.smp4j.explore.model;

import org.smp4j.explore.hooks.Hooks;

/** What an access does to its location, and what order it makes: the bits of a site's mode. */
public final class Access {
    /** It reads. */
    public static final int READ = 1;
    /** It writes. */
    public static final int WRITE = 2;
    /** It writes only if {@link Hooks#exchanged} says so. */
    public static final int CONDITIONAL = 4;
    /** What the last release wrote before it is visible after it. */
    public static final int ACQUIRE = 8;
    /** What was written before it is visible after an acquire that sees it. */
    public static final int RELEASE = 16;
    /** A plain field or array element: two such accesses, one of them a write and neither ordered before the other, are a data race. */
    public static final int PLAIN = 32;
    /** No interrupt is taken here: the code is the hardware's. */
    public static final int HARDWARE = 64;
    /** It goes through a collection: in which order may matter. */
    public static final int WALK = 128;
    /** A volatile read and write in one. */
    public static final int EXCHANGE = READ | WRITE | ACQUIRE | RELEASE;

    private Access() {
    }
}
