package org.smp4j.explore.model;

/**
 * What else may differ from one schedule to the next, beside the order of the steps.
 *
 * @param timeouts which timeouts may fire although a thread can go on
 * @param spurious whether a thread that waits or is parked may go on, and a weak compare-and-set fail, without a cause
 * @param random whether the values of random generators that the program does not seed are choices
 * @param insertion whether a write may land before newer ones of its location, where the memory model allows that
 * @param incoherent whether a read may return an older value than an earlier one of its strand and location, if one
 *        of them is plain, where the memory model allows that
 */
public record Leeway(Timeouts timeouts, boolean spurious, boolean random, boolean insertion, boolean incoherent) {
    /** The default: short timeouts, and no more. */
    public static final Leeway DEFAULT = new Leeway(Timeouts.SHORT, false, false);
    private static final int INSERTION = 4 * Timeouts.values().length;
    private static final int INCOHERENT = 2 * INSERTION;
    /** The highest code. */
    public static final int MOST = 2 * INCOHERENT - 1;

    /** Without {@link #insertion} and {@link #incoherent}. */
    public Leeway(Timeouts timeouts, boolean spurious, boolean random) {
        this(timeouts, spurious, random, false, false);
    }

    /** {@return the same, with or without insertion} */
    public Leeway withInsertion(boolean value) {
        return new Leeway(timeouts, spurious, random, value, incoherent);
    }

    /** {@return the same, with coherent plain reads or without} */
    public Leeway withIncoherent(boolean value) {
        return new Leeway(timeouts, spurious, random, insertion, value);
    }

    /** {@return a number that stands for it} */
    public int code() {
        return (incoherent ? INCOHERENT : 0) + (insertion ? INSERTION : 0) + 4 * timeouts.ordinal()
                + (spurious ? 2 : 0) + (random ? 1 : 0);
    }

    /** {@return what a code stands for, from 0 to {@link #MOST}} */
    public static Leeway ofCode(int code) {
        int rest = code % INSERTION;
        return new Leeway(Timeouts.values()[rest >> 2], (rest & 2) != 0, (rest & 1) != 0,
                code % INCOHERENT >= INSERTION, code >= INCOHERENT);
    }
}
