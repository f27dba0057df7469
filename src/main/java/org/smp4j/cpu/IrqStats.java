package org.smp4j.cpu;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** How many interrupts of each kind a CPU has taken; mirrors a column of {@code /proc/interrupts}. */
public final class IrqStats {
    private static final VarHandle COUNTS = MethodHandles.arrayElementVarHandle(long[].class);

    /** The kinds of interrupts, under their names in {@code /proc/interrupts}. */
    public enum Kind {
        /** Function call interrupts. */
        CAL(PendingWord.CALL, "Function call interrupts"),
        /** IRQ work interrupts. */
        IWI(PendingWord.IRQ_WORK, "IRQ work interrupts"),
        /** Rescheduling interrupts. */
        RES(PendingWord.RESCHED, "Rescheduling interrupts"),
        /** Local timer interrupts. */
        LOC(PendingWord.TIMER, "Local timer interrupts");

        private final int bit;
        private final String title;

        Kind(int bit, String title) {
            this.bit = bit;
            this.title = title;
        }

        /** {@return the name in words} */
        public String title() {
            return title;
        }
    }

    // Written by: the CPU's sitter.
    // Read by: any thread.
    // Ordering: opaque: the counts may be stale at once.
    private final long[] counts = new long[4];

    IrqStats() {
    }

    void count(int irq) {
        int index = Integer.numberOfTrailingZeros(irq);
        COUNTS.setOpaque(counts, index, (long) COUNTS.getOpaque(counts, index) + 1);
    }

    static String reason(int irq) {
        return switch (irq) {
            case PendingWord.CALL -> Kind.CAL.title;
            case PendingWord.IRQ_WORK -> Kind.IWI.title;
            case PendingWord.RESCHED -> Kind.RES.title;
            default -> Kind.LOC.title;
        };
    }

    /**
     * How many interrupts of a kind were taken.
     *
     * @param kind the kind
     * @return the count, possibly stale at once
     */
    public long get(Kind kind) {
        return (long) COUNTS.getOpaque(counts, Integer.numberOfTrailingZeros(kind.bit));
    }

    /** {@return how many interrupts were taken, of any kind} */
    public long total() {
        long total = 0;
        for (Kind kind : Kind.values()) {
            total += get(kind);
        }
        return total;
    }
}
