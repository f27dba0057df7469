package org.smp4j.explore.model;

/** The generator SplitMix64: fast, and with the same numbers on every platform. */
public final class Randomness {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    /** Makes a generator in a given state. */
    public Randomness(long seed) {
        state = seed;
    }

    /** Starts the sequence of a seed. */
    public void seed(long seed) {
        state = draw(seed, 1);
    }

    /** {@return the next 64-bit number} */
    public long next() {
        return mix(state += GAMMA);
    }

    /** {@return a number from 0 up to, but not including, a bound} */
    public int below(int bound) {
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    /** {@return a number from 0 up to, but not including, 1} */
    public double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** {@return the index of one of the set bits} */
    public int bitOf(long set) {
        // Long.expand is one instruction in place of a loop
        return Long.numberOfTrailingZeros(Long.expand(1L << below(Long.bitCount(set)), set));
    }

    /** {@return the number at an index, from 1, of the sequence that a seed begins} */
    public static long draw(long seed, long index) {
        return mix(seed + GAMMA * index);
    }

    /** {@return the bits of a number, mixed: a good hash} */
    public static long mix(long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
