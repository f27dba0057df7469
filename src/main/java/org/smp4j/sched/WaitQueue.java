package org.smp4j.sched;

import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;

/** Tasks that wait for a condition; mirrors {@code wait_queue_head_t} of {@code include/linux/wait.h}. */
public final class WaitQueue {
    private final RawSpinLock lock = new RawSpinLock();
    private final ArrayDeque<Waiter> waiters = new ArrayDeque<>(); // guarded by lock

    /** A queue without waiters. */
    public WaitQueue() {
    }

    /**
     * Waits until a condition holds; mirrors {@code wait_event}. Context: task, may sleep.
     *
     * @param condition evaluated again after each wake-up, and no more once it held; an exception ends the wait and is
     *         thrown to the caller
     * @throws IllegalStateException if the caller is a task that must not sleep here, even if the condition holds
     */
    public void waitEvent(BooleanSupplier condition) {
        Objects.requireNonNull(condition, "condition");
        Waiter self = Waiter.current();
        self.mightSleep("wait_event");
        boolean holds = asks(condition);
        while (!holds) {
            change(self, true);
            try {
                holds = asks(condition); // after the entry was added: a wake-up from here on finds it
                if (!holds) {
                    self.block();
                    holds = asks(condition);
                }
            } finally {
                change(self, false); // even if the condition throws
            }
        }
    }

    private static boolean asks(BooleanSupplier condition) {
        int count = Preempt.count();
        boolean irqsOff = LocalIrq.disabled();
        try {
            return condition.getAsBoolean();
        } finally {
            Context.check(Cpu.current(), condition, count, irqsOff);
        }
    }

    private void change(Waiter self, boolean add) {
        int flags = lock.lock(self);
        if (add) {
            waiters.addLast(self);
        } else {
            waiters.removeFirstOccurrence(self);
        }
        lock.unlock(self, flags);
    }

    /** Wakes every waiting task; exclusive waits do not exist; mirrors {@code wake_up}. Context: any. */
    public void wakeUp() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        try {
            waiters.forEach(Waiter::wake);
        } finally {
            lock.unlock(self, flags);
        }
    }
}
