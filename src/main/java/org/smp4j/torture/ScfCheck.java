package org.smp4j.torture;

import org.smp4j.lib.Completion;

/**
 * The argument of a call, with which its handler and its sender check each other; after {@code struct scf_check} of
 * {@code kernel/scftorture.c}.
 *
 * <p>The fields are plain on purpose: the test checks that the call orders them.
 */
final class ScfCheck {
    /** Set by the sender before the call; checked by the handler. False while the record is free. */
    boolean in;
    /** Set by the handler at its end; checked by the sender after a wait. False while the record is free. */
    boolean out;
    /** The target of a single call; set by the sender. */
    int cpu;
    /** Whether the sender waits, and keeps the record; set by the sender. */
    boolean wait;
    /** Whether the handler completes the sender; set by the sender. */
    boolean rpc;
    /** For {@link #rpc}; set by the sender. */
    Completion completion;
    /** Whether it is out of its pool; used by the pool's owner. */
    boolean inUse;
    /** The free list's link; used by the pool's owner. */
    ScfCheck nextFree;
}
