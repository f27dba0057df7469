package org.smp4j.lib;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A lock for short sections, held with preemption and interrupts off, so that an interrupt of the same CPU can never
 * spin on it forever; mirrors {@code raw_spinlock_t} of {@code include/linux/spinlock.h} in its {@code irqsave} form.
 * Not fair. Context: any; the holder must not wait.
 */
public final class RawSpinLock {
    private static final VarHandle LOCKED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "locked", VarHandle.class, RawSpinLock.class, int.class);

    // Written by: the thread that takes the lock (0 to 1) and the holder (back to 0).
    // Read by: threads that want the lock.
    // Ordering: volatile compare-and-set to take, release to unlock; a holder's writes are visible to the next.
    private int locked;

    /**
     * Takes the lock; mirrors {@code raw_spin_lock_irqsave}.
     *
     * @param self the calling waiter
     * @return what {@link #unlock} needs
     */
    public int lock(Waiter self) {
        int flags = self.atomicBegin();
        acquire(self);
        return flags;
    }

    /**
     * Releases the lock; mirrors {@code raw_spin_unlock_irqrestore}.
     *
     * @param self the calling waiter
     * @param flags what {@link #lock} returned
     */
    public void unlock(Waiter self, int flags) {
        release();
        self.atomicEnd(flags);
    }

    /**
     * Takes the lock with IRQs and preemption already off, for example as a second lock; mirrors {@code raw_spin_lock}.
     *
     * @param self the calling waiter
     */
    public void acquire(Waiter self) {
        for (int turn = 0; !LOCKED.compareAndSet(this, 0, 1); turn++) {
            while ((int) LOCKED.getOpaque(this) != 0) {
                self.relax(turn++);
            }
        }
    }

    /** Releases what {@link #acquire} took; mirrors {@code raw_spin_unlock}. */
    public void release() {
        LOCKED.setRelease(this, 0); // pairs with the compare-and-set in acquire
    }
}
