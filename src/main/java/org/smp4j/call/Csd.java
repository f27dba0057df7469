package org.smp4j.call;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.smp4j.lib.Symbol;
import org.smp4j.lib.WarnSite;

/**
 * One call to one CPU; mirrors {@code call_single_data_t} of {@code include/linux/smp.h}.
 */
public final class Csd extends CallSingleNode {
    /*
     * The lock is the LOCK bit: the thread that sets it owns func, info and the link until it is cleared.
     *
     *   sender                                      | target
     *   --------------------------------------------+--------------------------------------------
     *   wait until LOCK is clear (acquire)          |
     *   flags |= LOCK; storeStore                   |
     *   func, info; queue                           |
     *                                               | take the queue
     *                                               | SYNC:  func(info); flags = 0 (release)
     *                                               | ASYNC: copy; flags = 0 (release); func(info)
     *   SYNC: wait until LOCK is clear (acquire)    |
     *   here func has run, and its writes are seen  |
     *
     * After the release, a SYNC csd belongs to its sender, and the target does not touch it again; an ASYNC csd may be
     * sent again at once, even by the function itself. The generation counts the waits that have ended: a target that
     * is too late reads another number.
     */

    /** Unlock of a csd that was not locked. */
    public static final WarnSite NOT_LOCKED = WarnSite.always("csd_unlock", "csd of %s is not locked");
    /** Unlock of a csd whose sender no longer waits for it. */
    public static final WarnSite STALE =
            WarnSite.always("csd_unlock", "csd of %s was handed back to its sender while the call was under way");

    // Written by: the sender while it holds LOCK. Read by: the target after it took the queue. Ordering: the queue's
    // compare-and-set publishes them.
    SmpCallFunc func;
    Object info;

    // Written by: the sender that waited, after it saw the unlock. Read by: the target, before and after the function,
    // until it unlocks.
    // Ordering: the queue's compare-and-set, and the unlock; if the target sees it change, the sender went on too
    // early, which is a fault.
    int generation;

    /** A csd that each call fills. */
    Csd() {
        super(0);
    }

    /**
     * A csd for {@link Smp#smpCallFunctionSingleAsync}; mirrors {@code INIT_CSD}.
     *
     * @param func the function
     * @param info the function's argument
     */
    public Csd(SmpCallFunc func, Object info) {
        super(0);
        this.func = Objects.requireNonNull(func, "func");
        this.info = info;
    }

    /**
     * Fills the csd again; mirrors {@code INIT_CSD} on an existing csd. Context: its owner, while the csd is not in
     * use.
     *
     * @param newFunc the function
     * @param newInfo the function's argument
     */
    public void set(SmpCallFunc newFunc, Object newInfo) {
        func = Objects.requireNonNull(newFunc, "func");
        info = newInfo;
    }

    void fill(SmpCallFunc newFunc, Object newInfo, int newSrc, int newDst) {
        func = newFunc;
        info = newInfo;
        src = (short) newSrc;
        dst = (short) newDst;
    }

    /** {@return the function, for the csd's owner and for reports} */
    public SmpCallFunc func() {
        return func;
    }

    /** {@return the function's argument, for the csd's owner and for reports} */
    public Object info() {
        return info;
    }

    /** {@return the CPU to which it was last sent, for reports} */
    public int dst() {
        return dst;
    }

    /** {@return whether the call is still queued or, if its sender waits, running} */
    public boolean isLocked() {
        return (flagsAcquire() & CSD_FLAG_LOCK) != 0;
    }

    /** Sets the lock bit of an unlocked csd; the second half of {@code csd_lock}. */
    void setLocked(int type) {
        flags = CSD_FLAG_LOCK | type;
        VarHandle.storeStoreFence(); // the kernel's smp_wmb: the bit before func and info; here the queue orders both
    }

    /** Releases the csd; mirrors {@code csd_unlock}. The caller must not touch it afterwards. */
    void unlock(Smp smp) {
        if ((flags & CSD_FLAG_LOCK) == 0) {
            smp.cpus.warnings.warn(NOT_LOCKED, Symbol.ps(func));
        }
        FLAGS.setRelease(this, 0); // pairs with flagsAcquire of the waiter and of the next locker
    }

    @Override
    public Object function() {
        return func;
    }

    @Override
    public String toString() {
        return "csd(" + Symbol.ps(func) + ")";
    }
}
