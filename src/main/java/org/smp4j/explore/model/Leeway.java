package org.smp4j.explore.model;

/**
 * What else may differ from one schedule to the next, beside the order of the steps.
 *
 * @param timeouts which timeouts may fire although a thread can go on
 * @param spurious whether a thread that waits or is parked may go on without a cause
 * @param random whether the values of random generators that the program does not seed are choices
 */
public record Leeway(Timeouts timeouts, boolean spurious, boolean random) {
    /** The default: short timeouts, and no more. */
    public static final Leeway DEFAULT = new Leeway(Timeouts.SHORT, false, false);
    /** The highest code. */
    public static final int MOST = 4 * Timeouts.values().length - 1;

    /** {@return a number that stands for it} */
    public int code() {
        return 4 * timeouts.ordinal() + (spurious ? 2 : 0) + (random ? 1 : 0);
    }

    /** {@return what a code stands for, from 0 to {@link #MOST}} */
    public static Leeway ofCode(int code) {
        return new Leeway(Timeouts.values()[code >> 2], (code & 2) != 0, (code & 1) != 0);
    }
}
