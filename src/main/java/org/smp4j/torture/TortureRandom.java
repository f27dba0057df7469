package org.smp4j.torture;

/**
 * A cheap random generator; after {@code torture_random} of {@code kernel/torture.c}, without the clock that the kernel
 * mixes in, so that a seed is reproducible. Each generator belongs to one worker, or to one CPU's handlers.
 */
final class TortureRandom {
    private static final long MULT = 39916801; // a prime
    private static final long ADD = 479001701; // another

    private long state;

    TortureRandom(long seed) {
        state = seed;
    }

    /** {@return 32 random bits, as a number that is not negative} */
    long next() {
        state = state * MULT + ADD;
        return Integer.rotateLeft((int) state, 16) & 0xffff_ffffL; // the high half varies most: it becomes the low one
    }

    /** {@return a number from 0 to below the bound} */
    int below(int bound) {
        return (int) (next() % bound);
    }
}
