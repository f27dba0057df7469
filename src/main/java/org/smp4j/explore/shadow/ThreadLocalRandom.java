package org.smp4j.explore.shadow;

import java.util.Random;

/** Stands in for the JDK's class of that name: what a thread draws depends only on its number in the run. */
public class ThreadLocalRandom extends Random {
    private static final long serialVersionUID = 1;
    private static final long GAMMA = 0x9E3779B97F4A7C15L;
    private static final ThreadLocal<ThreadLocalRandom> OWN = ThreadLocal.withInitial(ThreadLocalRandom::new);

    private final boolean initialized;
    private long state;
    private int probe;
    private int secondary;

    @SuppressWarnings("this-escape")
    private ThreadLocalRandom() {
        super(0);
        initialized = true;
        state = mixed(Thread.currentThread().threadId());
        probe = (int) state | 1;
        secondary = (int) (state >>> 32) | 1;
    }

    private static long mixed(long value) {
        long mixed = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return mixed ^ mixed >>> 31;
    }

    public static ThreadLocalRandom current() {
        return OWN.get();
    }

    @Override
    public void setSeed(long seed) {
        if (initialized) {
            throw new UnsupportedOperationException();
        }
    }

    @Override
    protected int next(int bits) {
        state += GAMMA;
        return (int) (mixed(state) >>> Long.SIZE - bits);
    }

    static void localInit() {
    }

    static int getProbe() {
        return OWN.get().probe;
    }

    static int advanceProbe(int from) {
        int probe = from ^ from << 13;
        probe ^= probe >>> 17;
        probe ^= probe << 5;
        OWN.get().probe = probe;
        return probe;
    }

    static int nextSecondarySeed() {
        ThreadLocalRandom own = OWN.get();
        int next = own.secondary ^ own.secondary << 13;
        next ^= next >>> 17;
        next ^= next << 5;
        own.secondary = next;
        return next;
    }

    static void eraseThreadLocals(Thread thread) {
    }
}
