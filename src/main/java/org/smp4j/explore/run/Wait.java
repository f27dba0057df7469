package org.smp4j.explore.run;

/** Why a strand cannot step. */
public enum Wait {
    /** It can step. */
    NOTHING,
    /** It spins, and no location that it has read has changed. */
    SPIN,
    /** It is parked. */
    PARK,
    /** Another strand holds the lock. */
    LOCK,
    /** Another strand computes the value of the map's key. */
    KEY,
    /** No signal has come yet. */
    SIGNAL,
    /** A thread has not ended. */
    JOIN,
    /** It sleeps. */
    SLEEP,
    /** Another strand can still step. */
    QUIESCENCE
}
