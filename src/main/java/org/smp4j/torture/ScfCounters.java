package org.smp4j.torture;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** One worker's counters; after {@code struct scf_statistics} of {@code kernel/scftorture.c}. */
final class ScfCounters {
    /** What is counted. */
    enum Counter {
        RESCHED, SINGLE, SINGLE_WAIT, SINGLE_OFL, SINGLE_WAIT_OFL, SINGLE_RPC, SINGLE_RPC_OFL, MANY, MANY_WAIT, ALL,
                ALL_WAIT,
        /** Records taken from the pool. */
        ALLOCATED,
        /** Records that came back. */
        RECYCLED
    }

    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PAD = 8; // longs in a cache line

    // Written by: the worker; after its end, the thread that cleans up.
    // Read by: threads that print statistics.
    // Ordering: opaque: the counts may be stale at once.
    private final long[] counts = new long[PAD + Counter.values().length + PAD];

    void count(Counter counter) {
        int index = PAD + counter.ordinal();
        COUNTS.setOpaque(counts, index, (long) COUNTS.getOpaque(counts, index) + 1);
    }

    long get(Counter counter) {
        return (long) COUNTS.getOpaque(counts, PAD + counter.ordinal());
    }

    /** {@return how many operations there were} */
    long operations() {
        long sum = 0;
        for (Counter counter : Counter.values()) {
            sum += get(counter);
        }
        return sum;
    }
}
