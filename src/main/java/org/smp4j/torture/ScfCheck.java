package org.smp4j.torture;

import org.smp4j.lib.Completion;

/**
 * What a call carries along, so that its handler and its sender can check each other; after {@code struct scf_check} of
 * {@code kernel/scftorture.c}.
 *
 * <p>The fields are plain on purpose: that the call orders them is what is tested.
 */
final class ScfCheck {
    /** Sender, before the call; handler looks. False while the record is free. */
    boolean in;
    /** Handler, last thing; sender looks after a wait. False while the record is free. */
    boolean out;
    /** The target of a single call; sender. */
    int cpu;
    /** Whether the sender waits, and keeps the record; sender. */
    boolean wait;
    /** Whether the handler completes the sender; sender. */
    boolean rpc;
    /** For {@link #rpc}; sender. */
    Completion completion;
    /** Whether it is out of its pool; the pool's owner. */
    boolean inUse;
    /** The free list's link; the pool's owner. */
    ScfCheck nextFree;
}
