package org.smp4j.cpu;

/** Lets tests of upper floors set a CPU's bits directly, for example to have it poll for as long as they want. */
public final class PendingBits {
    private PendingBits() {
    }

    /**
     * Sets bits of {@link PendingWord}.
     *
     * @param cpu the CPU
     * @param bits the bits
     */
    public static void set(Cpu cpu, int bits) {
        cpu.pending.getAndSet(bits);
    }

    /**
     * Clears bits of {@link PendingWord}.
     *
     * @param cpu the CPU
     * @param bits the bits
     */
    public static void clear(Cpu cpu, int bits) {
        cpu.pending.getAndClear(bits);
    }
}
