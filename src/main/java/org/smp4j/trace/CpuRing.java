package org.smp4j.trace;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The latest events of one CPU, each in eight words of one array; mirrors {@code struct ring_buffer_per_cpu} of
 * {@code kernel/trace/ring_buffer.c}.
 *
 * <p>Its own, and no queue of JCTools: those refuse an element when they are full, where a trace overwrites the oldest,
 * and hold references, whose stores cost more than an event may. With one writer none of their protocols is needed.
 */
final class CpuRing {
    /** The words of an event. */
    static final int WORDS = 8;

    private static final VarHandle WRITTEN = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "written", VarHandle.class, CpuRing.class, long.class);

    // Written by: the CPU's sitter; the seat passes it on. Read by: the thread that takes a snapshot.
    // Ordering: words first, then "written" with release; the reader reads "written" again afterwards, and drops what
    // may have been overwritten meanwhile.
    private final long[] words;
    private final int mask;

    // Written by: the CPU's sitter; the seat passes it on. Read by: the thread that takes a snapshot.
    // Ordering: release after the words, acquire before the reader copies them.
    private long written;

    // Written by: the CPU's sitter, before it writes the event. Read by: the thread that takes a snapshot.
    // Ordering: as "written", which follows it.
    private long emitted;

    CpuRing(int capacity) {
        words = new long[capacity * WORDS];
        mask = capacity - 1;
    }

    /** Counts an event that is about to be written, and finds its place. */
    int begin() {
        emitted++;
        return (int) (written & mask) * WORDS;
    }

    /** Writes a word of an event. */
    void set(int index, long value) {
        words[index] = value;
    }

    /** Writes the last word of an event, its number from 1, and publishes it. */
    void end(int place) {
        words[place] = written + 1;
        WRITTEN.setRelease(this, written + 1); // pairs with the acquire in snapshot
    }

    /** What a ring held at one moment. */
    record Snapshot(long emitted, long overwritten, long[] events) {
    }

    /**
     * Copies the events. Exact if the CPU emits none meanwhile; else those that it may have overwritten during the copy
     * count as overwritten.
     */
    Snapshot snapshot() {
        int capacity = mask + 1;
        long end = (long) WRITTEN.getAcquire(this);
        long first = Math.max(0, end - capacity);
        long[] copy = new long[(int) (end - first) * WORDS];
        for (long event = first; event < end; event++) {
            System.arraycopy(words, (int) (event & mask) * WORDS, copy, (int) (event - first) * WORDS, WORDS);
        }
        VarHandle.acquireFence(); // the copy comes before the second look
        long now = (long) WRITTEN.getOpaque(this);
        long safe = Math.clamp(now - capacity + (now == end ? 0 : 1), first, end);
        long[] left = java.util.Arrays.copyOfRange(copy, (int) (safe - first) * WORDS, copy.length);
        return new Snapshot(now == end ? emitted : end, safe, left);
    }
}
