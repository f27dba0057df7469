package org.smp4j.lib;

/**
 * An event that tasks wait for; mirrors {@code struct completion} of {@code kernel/sched/completion.c}. Each
 * {@link #complete} releases one waiter, in order of arrival.
 */
public final class Completion {
    private static final int ALL = Integer.MAX_VALUE;

    /** A place in the queue of waiters; no kernel counterpart. */
    private static final class QueuedWaiter {
        final Waiter waiter;
        QueuedWaiter next; // guarded by the completion's lock

        QueuedWaiter(Waiter waiter) {
            this.waiter = waiter;
        }
    }

    private final RawSpinLock lock = new RawSpinLock();
    private int done; // guarded by lock; ALL after completeAll
    private QueuedWaiter first; // guarded by lock
    private QueuedWaiter last; // guarded by lock

    /** Releases one waiter, now or later; mirrors {@code complete}. Context: any, IRQs on or off. */
    public void complete() {
        complete(1);
    }

    /** Releases every waiter, now and later; mirrors {@code complete_all}. Context: any, IRQs on or off. */
    public void completeAll() {
        complete(ALL);
    }

    private void complete(int times) {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        try {
            done = done > ALL - times ? ALL : done + times;
            // Wake under the lock, as the kernel does: after the unlock, the waiter and the completion may be gone.
            for (int woken = 0; first != null && woken < times; woken++) {
                first.waiter.wake();
                dequeue();
            }
        } finally {
            lock.unlock(self, flags); // even if wake() throws because the waiter belongs to another machine
        }
    }

    private void dequeue() {
        first = first.next;
        if (first == null) {
            last = null;
        }
    }

    /**
     * Waits until it is complete; mirrors {@code wait_for_completion}. Context: may sleep.
     *
     * @throws IllegalStateException if the caller is a task that must not sleep here, even if it is already complete
     */
    public void waitForCompletion() {
        await(Waiter.current(), false, 0);
    }

    /**
     * Waits for a bounded time; mirrors {@code wait_for_completion_timeout}. Context: may sleep.
     *
     * @param nanos the timeout in nanoseconds; {@code Long.MAX_VALUE} for none
     * @return whether it was completed
     * @throws IllegalStateException as {@link #waitForCompletion}
     */
    public boolean waitForCompletionTimeout(long nanos) {
        return await(Waiter.current(), true, System.nanoTime() + nanos);
    }

    private boolean await(Waiter self, boolean timed, long deadline) {
        self.mightSleep("wait_for_completion");
        // before the lock: an allocation can fail, and must not do so under it
        QueuedWaiter entry = new QueuedWaiter(self);
        for (;;) {
            int flags = lock.lock(self);
            if (done > 0) {
                take();
                remove(entry);
                lock.unlock(self, flags);
                return true;
            }
            if (timed && System.nanoTime() - deadline >= 0) {
                remove(entry);
                lock.unlock(self, flags);
                return false;
            }
            if (!queued(entry)) {
                entry.next = null;
                if (last == null) {
                    first = entry;
                } else {
                    last.next = entry;
                }
                last = entry;
            }
            lock.unlock(self, flags);
            if (timed) {
                self.blockUntil(deadline);
            } else {
                self.block();
            }
        }
    }

    private boolean queued(QueuedWaiter entry) {
        for (QueuedWaiter e = first; e != null; e = e.next) {
            if (e == entry) {
                return true;
            }
        }
        return false;
    }

    private void remove(QueuedWaiter entry) {
        QueuedWaiter before = null;
        for (QueuedWaiter e = first; e != null; before = e, e = e.next) {
            if (e == entry) {
                if (before == null) {
                    first = e.next;
                } else {
                    before.next = e.next;
                }
                if (last == e) {
                    last = before;
                }
                return;
            }
        }
    }

    private void take() {
        if (done != ALL) {
            done--;
        }
    }

    /**
     * {@return whether it was complete; if so, takes one completion, without waiting; mirrors
     * {@code try_wait_for_completion}}
     */
    public boolean tryWaitForCompletion() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        boolean complete = done > 0;
        if (complete) {
            take();
        }
        lock.unlock(self, flags);
        return complete;
    }

    /** {@return whether a wait would return at once; mirrors {@code completion_done}} */
    public boolean completionDone() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        boolean complete = done > 0;
        lock.unlock(self, flags);
        return complete;
    }

    /** Makes it incomplete again, when it has no waiter; mirrors {@code reinit_completion}. */
    public void reinit() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        done = 0;
        lock.unlock(self, flags);
    }
}
