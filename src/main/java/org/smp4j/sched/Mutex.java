package org.smp4j.sched;

import java.util.ArrayDeque;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;

/**
 * A sleeping lock, handed on in order of arrival. Mirrors {@code struct mutex} of {@code kernel/locking/mutex.c}.
 */
public final class Mutex {
    private final RawSpinLock lock = new RawSpinLock();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(); // guarded by lock
    private Waiter owner; // guarded by lock

    /** A free mutex. */
    public Mutex() {
    }

    /**
     * Takes the mutex; mirrors {@code mutex_lock}. Context: task, may sleep.
     *
     * @throws IllegalStateException if the caller already holds it, or must not sleep here, even if the mutex is free
     */
    public void lock() {
        Waiter self = Waiter.current();
        self.mightSleep("mutex_lock");
        int flags = lock.lock(self);
        if (owner == self) {
            lock.unlock(self, flags);
            throw new IllegalStateException(self + " already holds the mutex");
        }
        if (owner == null) {
            owner = self;
        } else {
            waiters.addLast(self);
        }
        while (owner != self) { // unlock makes the first waiter the owner
            lock.unlock(self, flags);
            self.block();
            flags = lock.lock(self);
        }
        lock.unlock(self, flags);
    }

    /** {@return whether the mutex was free; then the caller holds it now; mirrors {@code mutex_trylock}} */
    public boolean tryLock() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        boolean free = owner == null;
        if (free) {
            owner = self;
        }
        lock.unlock(self, flags);
        return free;
    }

    /** Hands the mutex to the longest waiter; mirrors {@code mutex_unlock}. Context: the task that holds it. */
    public void unlock() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        if (owner != self) {
            lock.unlock(self, flags);
            throw new IllegalStateException(self + " does not hold the mutex");
        }
        try {
            owner = waiters.pollFirst();
            if (owner != null) {
                owner.wake();
            }
        } finally {
            lock.unlock(self, flags);
        }
    }

    /** {@return whether any task holds it; mirrors {@code mutex_is_locked}} */
    public boolean isLocked() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        boolean locked = owner != null;
        lock.unlock(self, flags);
        return locked;
    }
}
