package org.smp4j.explore.memory;

import org.smp4j.explore.model.Access;

/** The fences of {@link java.lang.invoke.VarHandle}. */
public enum Fence {
    /** {@code loadLoadFence}: orders earlier reads before later reads. */
    LOAD_LOAD,
    /** {@code storeStoreFence}: orders earlier writes before later writes. */
    STORE_STORE,
    /** {@code acquireFence}: orders earlier reads before later reads and writes. */
    ACQUIRE,
    /** {@code releaseFence}: orders earlier reads and writes before later writes. */
    RELEASE,
    /** {@code fullFence}: orders earlier reads and writes before later ones; all full fences have one order. */
    FULL;

    /** {@return the fence with bits of {@link Access}} */
    static Fence of(int access) {
        boolean acquires = (access & Access.ACQUIRE) != 0;
        boolean same = (access & Access.SAME_KIND) != 0;
        return (access & Access.VOLATILE) != 0 ? FULL : acquires ? same ? LOAD_LOAD : ACQUIRE
                : same ? STORE_STORE : RELEASE;
    }
}
