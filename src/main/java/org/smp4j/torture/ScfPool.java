package org.smp4j.torture;

import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.queues.MessagePassingQueue;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.smp4j.torture.ScfCounters.Counter;

/**
 * One worker's records. Handlers return the records of calls without a waiter; the kernel frees these, here they are
 * reused. After {@code scf_free_pool} of {@code kernel/scftorture.c}.
 */
final class ScfPool {
    private static final int CHUNK = 64;
    // the rest is garbage: a fast worker's records end up in the pools of slow ones
    private static final int KEPT = 1024;

    /** From handlers on any CPU to this worker. */
    private final MpscUnboundedAtomicArrayQueue<ScfCheck> returned = new MpscUnboundedAtomicArrayQueue<>(CHUNK);
    private final MessagePassingQueue.Consumer<ScfCheck> recycler = this::recycle;
    private final ScfCounters counters;
    private final AtomicInteger errs;
    private ScfCheck free; // the worker's own
    private int kept;

    ScfPool(ScfCounters counters, AtomicInteger errs) {
        this.counters = counters;
        this.errs = errs;
    }

    /** {@return a record, owned by the caller. Context: the worker} */
    ScfCheck alloc() {
        ScfCheck check = free;
        if (check == null) {
            check = new ScfCheck();
        } else {
            free = check.nextFree;
            kept--;
        }
        counters.count(Counter.ALLOCATED);
        check.inUse = true;
        check.nextFree = null;
        check.cpu = -1;
        check.rpc = false;
        return check;
    }

    /**
     * Takes a record back. Its flags are cleared here, long before the next use: so that a call
     * that fails to order them shows. Context: the worker.
     */
    void recycle(ScfCheck check) {
        counters.count(Counter.RECYCLED);
        if (!check.inUse) { // a handler ran twice
            errs.incrementAndGet();
            return;
        }
        check.inUse = false;
        check.in = false;
        check.out = false;
        if (kept < KEPT) {
            check.nextFree = free;
            free = check;
            kept++;
        }
    }

    /** Gives a record to the worker. Context: any, including a handler. */
    void giveBack(ScfCheck check) {
        returned.offer(check);
    }

    /**
     * Recycles the records that handlers returned; after {@code scf_cleanup_free_list}. Context: the worker, or after
     * its end, the thread that cleans up.
     */
    void cleanupFreeList() {
        if (!returned.isEmpty()) {
            returned.drain(recycler);
        }
    }
}
