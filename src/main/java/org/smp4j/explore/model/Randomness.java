package org.smp4j.explore.model;

/** A fast generator that is the same everywhere: a sequence of 64-bit numbers by adding and mixing. */
public final class Randomness {
    private static final long GAMMA = 0x9E3779B97F4A7C15L;

    private long state;

    public Randomness(long seed) {
        state = seed;
    }

    public void seed(long seed) {
        state = draw(seed, 1);
    }

    public long next() {
        return mix(state += GAMMA);
    }

    /** {@return a number from 0 to before a bound} */
    public int below(int bound) {
        return (int) ((next() >>> 32) * bound >>> 32);
    }

    public double fraction() {
        return (next() >>> 11) * 0x1.0p-53;
    }

    /** {@return the number of one of the bits that are set} */
    public int bitOf(long set) {
        return Long.numberOfTrailingZeros(Long.expand(1L << below(Long.bitCount(set)), set)); // one instruction where others would loop
    }

    /** {@return the number at an index, from 1, of the sequence that a seed begins} */
    public static long draw(long seed, long index) {
        return mix(seed + GAMMA * index);
    }

    public static long mix(long value) {
        long z = value;
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
