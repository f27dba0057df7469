package org.smp4j.litmus.run;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.smp4j.litmus.program.LitmusTest;

/**
 * The memory of many runs of one test, called instances, which its threads make one after the other. The coordinator
 * prepares all of it while the threads wait at a barrier, so that they allocate nothing.
 */
final class Batch {
    /** How much longer than a cache line two locations are apart: they share none. */
    private static final int STRIDE = 8;
    private static final int LONGEST_DELAY = 6; // as a power of two

    private static final VarHandle INTS = MethodHandles.arrayElementVarHandle(int[].class);
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    /** After so many tries the host may have taken away the core of the thread that is waited for. */
    private static final int PATIENCE = 1 << 10;
    private static final int TRIES_FOR_A_LOCK = 1 << 17;

    /** The number of instances. */
    final int size;
    /** All locations of all instances. Written by: the threads. Read by: the threads. Ordering: as the test says. */
    final long[] memory;
    /** By location and instance: its index in the memory; changes only between batches. */
    final int[][] cells;
    /**
     * The registers that are shown, by instance. Written by: the thread of the register. Read by: the coordinator.
     * Ordering: the barrier between batches.
     */
    final long[] results;

    private final LitmusTest test;
    private final int threads;
    private final int patience;
    /**
     * By instance: 1 once it begins. Written by: the thread whose turn it is. Read by: the others. Ordering: release
     * and acquire.
     */
    private final int[] started;
    /** By thread and instance: for how long it waits; changes only between batches. */
    private final byte[][] delays;
    /** By thread and instance: 1 if the instance is not counted. */
    private final byte[][] skipped;
    /**
     * The indexes of all cells. Written by: the coordinator. Read by: the coordinator. Ordering: the barrier between
     * batches.
     */
    private final int[] shuffled;
    /** Written by: a thread that failed. Read by: the others, which wait for it. Ordering: volatile. */
    volatile boolean failed;

    Batch(LitmusTest test, int size, int width, boolean crowded) {
        this.test = test;
        this.size = size;
        threads = test.threads().size();
        patience = crowded ? 1 << 4 : PATIENCE;
        int locations = test.locations().size();
        memory = new long[locations * size * STRIDE];
        cells = new int[locations][size];
        results = new long[size * width];
        started = new int[size];
        delays = new byte[threads][size];
        skipped = new byte[threads][size];
        shuffled = new int[locations * size];
        Arrays.setAll(shuffled, i -> i * STRIDE);
    }

    /** Makes all instances ready to run: initial values, other cache lines, other delays. */
    void prepare(SplittableRandom random) {
        for (int i = shuffled.length - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            int cell = shuffled[i];
            shuffled[i] = shuffled[other];
            shuffled[other] = cell;
        }
        for (int location = 0; location < cells.length; location++) {
            System.arraycopy(shuffled, location * size, cells[location], 0, size);
            for (int cell : cells[location]) {
                memory[cell] = test.initial()[location];
            }
        }
        Arrays.fill(started, 0);
        for (int thread = 0; thread < threads; thread++) {
            Arrays.fill(skipped[thread], (byte) 0);
            for (int i = 0; i < size; i++) {
                delays[thread][i] = (byte) random.nextInt(1 << random.nextInt(LONGEST_DELAY));
            }
        }
    }

    /** Waits until an instance begins, and for a further random while. The threads begin the instances in turn. */
    void await(int thread, int instance) {
        if (instance % threads == thread) {
            INTS.setRelease(started, instance, 1); // pairs with getAcquire below
        } else {
            for (int tries = 1; (int) INTS.getAcquire(started, instance) == 0; tries++) {
                if (tries % patience == 0) {
                    yieldToOthers();
                }
                Thread.onSpinWait();
            }
        }
        for (int delay = delays[thread][instance]; delay > 0; delay--) {
            Thread.onSpinWait();
        }
    }

    private void yieldToOthers() {
        if (failed) {
            throw new IllegalStateException("another thread of the test has failed");
        }
        Thread.yield();
    }

    /** {@return the index of the location that a value is the address of} */
    int cell(long address, int instance) {
        int location = test.location(address);
        if (location < 0) {
            throw new IllegalStateException("no location is at the address " + address);
        }
        return cells[location][instance];
    }

    /** {@return whether the lock was taken; if not, another thread waits or has left with it} */
    boolean lock(int cell) {
        for (int tries = 1; tries < TRIES_FOR_A_LOCK; tries++) {
            if ((long) LONGS.getOpaque(memory, cell) == 0
                    && (boolean) LONGS.weakCompareAndSetAcquire(memory, cell, 0L, 1L)) {
                return true;
            }
            if (tries % patience == 0) {
                yieldToOthers();
            }
            Thread.onSpinWait();
        }
        return false;
    }

    /** Does not count an instance: an assumption does not hold, or a loop has too many iterations. */
    void skip(int thread, int instance) {
        skipped[thread][instance] = 1;
    }

    boolean isSkipped(int instance) {
        for (byte[] ofThread : skipped) {
            if (ofThread[instance] != 0) {
                return true;
            }
        }
        return false;
    }
}
