package org.smp4j.cpu;

/** A CPU on which no actor sits, as others see it: one that sleeps in idle. */
public final class EmptySeat {
    private EmptySeat() {
    }

    /**
     * Marks a CPU as one that sleeps. Context: the seat is empty, or its sitter is about to stand up.
     *
     * @param cpu the CPU
     * @return false where it can't sleep, because something is pending
     */
    public static boolean leave(Cpu cpu) {
        return cpu.pending.park();
    }

    /**
     * Marks it as awake again. Context: the thread that has just sat down there.
     *
     * @param cpu the CPU
     */
    public static void take(Cpu cpu) {
        cpu.pending.getAndClear(PendingWord.PARKED);
    }
}
