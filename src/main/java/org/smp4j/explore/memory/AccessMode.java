package org.smp4j.explore.memory;

import org.smp4j.explore.model.Access;

/**
 * The memory ordering of an access: the modes of {@link java.lang.invoke.VarHandle}, and the two at once for an access
 * that reads and writes. A read ignores the release, a write ignores the acquire.
 */
public enum AccessMode {
    /** A plain access; it is ordered as an opaque one, unless plain reads are to be incoherent. */
    PLAIN(false, false),
    /** {@code getOpaque}, {@code setOpaque}: coherent with other accesses to the same location, no more. */
    OPAQUE(false, false),
    /** {@code getAcquire}, {@code getAndSetAcquire}: the strand sees what the value's writer has published. */
    ACQUIRE(true, false),
    /** {@code setRelease}, {@code getAndSetRelease}: publishes all that the strand has seen and written. */
    RELEASE(false, true),
    /** An access that reads with {@link #ACQUIRE} and writes with {@link #RELEASE}. */
    ACQUIRE_RELEASE(true, true),
    /** {@code getVolatile}, {@code setVolatile}, {@code getAndSet}. */
    VOLATILE(true, true);

    private final boolean acquires;
    private final boolean releases;

    AccessMode(boolean acquires, boolean releases) {
        this.acquires = acquires;
        this.releases = releases;
    }

    /** {@return whether a read in this mode acquires} */
    public boolean acquires() {
        return acquires;
    }

    /** {@return whether a write in this mode releases} */
    public boolean releases() {
        return releases;
    }

    /** {@return the mode of an access to the same location that never goes back behind what the strand has read} */
    AccessMode coherent() {
        return this == PLAIN ? OPAQUE : this;
    }

    /** {@return the mode of an access with bits of {@link Access}} */
    static AccessMode of(int access) {
        if ((access & (Access.VOLATILE | Access.HARDWARE)) == Access.VOLATILE) {
            return VOLATILE;
        }
        return switch (access & (Access.ACQUIRE | Access.RELEASE)) {
            case 0 -> (access & (Access.PLAIN | Access.UNORDERED)) != 0 ? PLAIN : OPAQUE;
            case Access.ACQUIRE -> ACQUIRE;
            case Access.RELEASE -> RELEASE;
            default -> ACQUIRE_RELEASE;
        };
    }

    /** {@return the mode of the read that a conditional write has made if it does not write} */
    static AccessMode onFailure(int access) {
        AccessMode mode = of(access);
        return mode == RELEASE ? OPAQUE : mode == ACQUIRE_RELEASE ? ACQUIRE : mode;
    }
}
