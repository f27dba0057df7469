package org.smp4j.cpu;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.lib.LlistHead;

/**
 * The requests to a CPU: its pending interrupts and flags in one word, in the cache line of its call queue's head, so
 * that a call to a CPU transfers one line. Mirrors the interrupt request register, {@code TIF_NEED_RESCHED} and
 * {@code TIF_POLLING_NRFLAG}; the queue head is {@code call_single_queue}.
 */
public final class PendingWord extends LlistHead {
    /** A function call interrupt is pending. */
    public static final int CALL = 0x01;
    /** An irq_work interrupt is pending. */
    public static final int IRQ_WORK = 0x02;
    /** A reschedule interrupt is pending. */
    public static final int RESCHED = 0x04;
    /** The CPU's timer has fired. */
    public static final int TIMER = 0x08;
    /** All interrupts. */
    public static final int INTERRUPTS = 0x0f;
    /** A reschedule is requested. */
    public static final int NEED_RESCHED = 0x10;
    /** The CPU idles and watches {@link #NEED_RESCHED}: setting that bit is enough to wake it. */
    public static final int POLLING = 0x20;
    /** The CPU idles and its thread is parked or about to park: a thread that sets another bit must unpark it. */
    public static final int PARKED = 0x40;

    private static final VarHandle BITS = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "bits", VarHandle.class, PendingWord.class, int.class);

    // Written by: every CPU that sends an interrupt; the owner, which takes them.
    // Read by: the same.
    // Ordering: volatile read-modify-writes, so that the thread that takes the bit sees what the sender queued before;
    // the owner's check at a poll point is opaque, and is confirmed by taking the bit.
    private int bits;

    // Keeps the next object off this line. Objects of this class are allocated in sequence, so that the preceding one
    // ends in these bytes.
    byte b00, b01, b02, b03, b04, b05, b06, b07, b08, b09, b0a, b0b, b0c, b0d, b0e, b0f, b10, b11, b12, b13, b14, b15,
            b16, b17, b18, b19, b1a, b1b;
    byte b20, b21, b22, b23, b24, b25, b26, b27, b28, b29, b2a, b2b, b2c, b2d, b2e, b2f, b30, b31, b32, b33, b34, b35,
            b36, b37, b38, b39, b3a, b3b;
    byte b40, b41, b42, b43, b44, b45, b46, b47, b48, b49, b4a, b4b, b4c, b4d, b4e, b4f, b50, b51, b52, b53, b54, b55,
            b56, b57, b58, b59, b5a, b5b;
    byte b60, b61, b62, b63, b64, b65, b66, b67, b68, b69, b6a, b6b, b6c, b6d, b6e, b6f, b70, b71, b72, b73, b74, b75,
            b76, b77, b78, b79, b7a, b7b;

    PendingWord() {
    }

    /** {@return the bits, possibly stale at once} */
    int peek() {
        return (int) BITS.getOpaque(this);
    }

    /** {@return the bits, with volatile ordering} */
    int get() {
        return (int) BITS.getVolatile(this);
    }

    /** {@return the bits before {@code set} was added} */
    int getAndSet(int set) {
        return (int) BITS.getAndBitwiseOr(this, set);
    }

    /** {@return the bits before {@code clear} was removed} */
    int getAndClear(int clear) {
        return (int) BITS.getAndBitwiseAnd(this, ~clear);
    }

    /**
     * Sets {@link #NEED_RESCHED} if the CPU polls in idle; mirrors {@code set_nr_if_polling} of
     * {@code kernel/sched/core.c}.
     *
     * @return whether the CPU polls: then no interrupt is needed
     */
    boolean setNeedReschedIfPolling() {
        int old = get();
        while ((old & POLLING) != 0) {
            // Even if the bit is already set: the idle loop clears the bit, then looks at its queues without a lock,
            // and must see there what the caller has queued. Only a read-modify-write here is ordered with the clearing
            // one; a plain read would let the queueing become visible too late.
            int seen = (int) BITS.compareAndExchange(this, old, old | NEED_RESCHED);
            if (seen == old) {
                return true;
            }
            old = seen;
        }
        return false;
    }

    /**
     * {@return whether the owner may park: nothing was pending, {@link #POLLING} was cleared and {@link #PARKED} set}
     */
    boolean park() {
        int old = get();
        while ((old & (INTERRUPTS | NEED_RESCHED)) == 0) {
            int seen = (int) BITS.compareAndExchange(this, old, old & ~POLLING | PARKED);
            if (seen == old) {
                return true;
            }
            old = seen;
        }
        return false;
    }
}
