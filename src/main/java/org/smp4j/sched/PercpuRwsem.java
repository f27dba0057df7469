package org.smp4j.sched;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;

/**
 * A lock with many cheap readers and a rare, expensive writer; mirrors {@code struct percpu_rw_semaphore} of
 * {@code kernel/locking/percpu-rwsem.c}.
 */
public final class PercpuRwsem {
    /*
     *   reader                                     | writer
     *   -------------------------------------------+---------------------------------------------
     *   preemption off                             | slow = 1, then a grace period: from here on every reader
     *   slow == 0: count++ on this CPU, done       |   has either been counted or sees slow
     *   else: count++            (A)               | block = 1                (C)
     *         read block         (B)               | sum of all counts == 0 ? (D)
     *         set: count--, wake the writer, queue |   no: sleep until a reader wakes it
     *
     * A to B and C to D are ordered (volatile), so at least one side sees the other. A reader may unlock on another
     * CPU: only the sum counts.
     */

    /** An entry of the wait queue. */
    private static final class LockRequest {
        final Waiter waiter;
        final boolean writer;
        boolean granted; // guarded by lock

        LockRequest(Waiter waiter, boolean writer) {
            this.waiter = waiter;
            this.writer = writer;
        }
    }

    private final Scheduler scheduler;

    // Written by: readers, each in the slot of its CPU; a reader may leave on another CPU. Read by: the writer that has
    // set "block", as a sum.
    // Ordering: volatile; A before B, and C before D.
    private final AtomicIntegerArray readCount;

    // The number of writers that hold or want the lock.
    // Written by: writers, before and after everything else. Read by: readers.
    // Ordering: volatile, then a grace period: when it ends, every reader that saw 0 has been counted.
    private final AtomicInteger slow = new AtomicInteger();

    // 1 while a writer holds the lock, or waits for readers to leave.
    // Written by: writers, by compare-and-set to 1, or under lock on behalf of a waiting writer; the holder, to 0.
    // Read by: readers, after they are counted.
    // Ordering: volatile: it is the lock between writers, and C of the table.
    private final AtomicInteger block = new AtomicInteger();

    private final RawSpinLock lock = new RawSpinLock();
    private final ArrayDeque<LockRequest> queue = new ArrayDeque<>(); // guarded by lock

    // Written by: the writer that waits for readers, before (D), and again after the wait.
    // Read by: readers that leave.
    // Ordering: volatile: written before the sum is read, read after a count is changed.
    private volatile Waiter waitingWriter;

    /**
     * A free semaphore.
     *
     * @param scheduler the scheduler of its machine
     */
    public PercpuRwsem(Scheduler scheduler) {
        this.scheduler = scheduler;
        readCount = new AtomicIntegerArray(scheduler.cpus.nrCpuIds);
    }

    /** Locks it for reading; mirrors {@code percpu_down_read}. Context: task, may sleep. */
    public void downRead() {
        scheduler.mightSleep("percpu_down_read");
        if (!tryRead()) {
            enqueueAndWait(false);
        }
    }

    /** {@return whether it was locked for reading, without waiting; mirrors {@code percpu_down_read_trylock}} */
    public boolean downReadTrylock() {
        scheduler.cpus.current();
        return tryRead();
    }

    private boolean tryRead() {
        Cpu here = Preempt.disable();
        boolean taken = true;
        readCount.getAndIncrement(here.id); // (A); atomic, because an interrupt may read-lock too
        if (slow.get() != 0 && block.get() != 0) { // (B)
            leave(here);
            taken = false;
        }
        here.preemptEnable();
        return taken;
    }

    private void leave(Cpu here) {
        readCount.getAndDecrement(here.id);
        Waiter writer = waitingWriter;
        if (writer != null) {
            writer.wake();
        }
    }

    /** Unlocks it after reading; mirrors {@code percpu_up_read}. Context: any task, on any CPU. */
    public void upRead() {
        scheduler.cpus.current();
        Cpu here = Preempt.disable();
        leave(here);
        here.preemptEnable();
    }

    /** Locks it for writing; mirrors {@code percpu_down_write}. Context: task, may sleep. */
    public void downWrite() {
        scheduler.mightSleep("percpu_down_write");
        slow.incrementAndGet();
        scheduler.rcu().synchronizeRcu();
        if (!block.compareAndSet(0, 1)) { // (C); excludes other writers too
            enqueueAndWait(true);
        }
        Waiter self = Waiter.current();
        waitingWriter = self;
        while (sum() != 0) { // (D)
            self.block();
        }
        waitingWriter = null;
    }

    /** Unlocks it after writing; mirrors {@code percpu_up_write}. Context: the task that holds it for writing. */
    public void upWrite() {
        scheduler.cpus.current();
        if (block.get() == 0) {
            throw new IllegalStateException("percpu_up_write: no task holds it for writing");
        }
        block.set(0);
        grant();
        slow.decrementAndGet();
    }

    /** {@return whether a writer holds it or waits for readers to leave} */
    public boolean isWriteLocked() {
        return block.get() != 0;
    }

    private int sum() {
        int sum = 0;
        for (int cpu = 0; cpu < readCount.length(); cpu++) {
            sum += readCount.get(cpu);
        }
        return sum;
    }

    private void enqueueAndWait(boolean writer) {
        Waiter self = Waiter.current();
        LockRequest entry = new LockRequest(self, writer);
        int flags = lock.lock(self);
        queue.addLast(entry);
        lock.unlock(self, flags);
        grant(); // the writer may have left between the try and the entry
        for (;;) {
            flags = lock.lock(self);
            boolean granted = entry.granted;
            lock.unlock(self, flags);
            if (granted) {
                return;
            }
            self.block();
        }
    }

    /** Locks on behalf of the waiters, in their order: all readers up to the first writer, or one writer. */
    private void grant() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        try {
            while (!queue.isEmpty()) {
                LockRequest first = queue.peekFirst();
                if (!(first.writer ? block.compareAndSet(0, 1) : tryRead())) {
                    break;
                }
                queue.removeFirst();
                first.granted = true;
                first.waiter.wake();
                if (first.writer) {
                    break;
                }
            }
        } finally {
            lock.unlock(self, flags);
        }
    }
}
