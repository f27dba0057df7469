package org.smp4j.explore.run;

/**
 * What a scenario with processors tells the explorer of them: where a strand sits, which interrupts it could take now, and which may come from outside.
 * Installed by code that is loaded with the scenario; called on the running strand, its accesses don't count but for those of {@link #take}.
 */
public interface Interrupts {
    /**
     * Whether the running strand could be interrupted where it stands.
     *
     * @return 0 for no, else the number of an interrupt
     */
    int pending();

    /** {@return whether the running strand could not be interrupted where it stands, whatever were pending} */
    default boolean masked() {
        return false;
    }

    /** {@return whether there are any to be taken where the scenario's code does not do so by itself; asked once, when this is installed} */
    default boolean injected() {
        return true;
    }

    /**
     * Takes an interrupt.
     *
     * @param interrupt what {@link #pending} returned; 0 for what was just raised
     */
    void take(int interrupt);

    /**
     * What may come from outside now. By default it does not come, but see {@link #overdue}.
     *
     * @param elsewhere whether not only to the running strand's processor, but also to others that have nothing to do
     * @return by bit, the numbers of interrupts from 0 to 30
     */
    default int possible(boolean elsewhere) {
        return 0;
    }

    /**
     * What comes by default, of that which may, to a strand that was made to stop in the middle and goes on because no
     * other can: what has had its time
     * meanwhile.
     *
     * @return by bit, the numbers of interrupts
     */
    default int overdue() {
        return 0;
    }

    /**
     * One of these comes: it is pending from here on.
     *
     * @param number a number of {@link #possible}
     * @return the thread that takes it: the running strand's, which then does so at once, or one that waits, which is let go on
     */
    default Thread raise(int number) {
        throw new IllegalArgumentException("no interrupt " + number);
    }

    /**
     * Says what comes, for reports.
     *
     * @param number a number of {@link #possible}
     * @return a few words
     */
    default String text(int number) {
        return "interrupt " + number + " comes";
    }

    /** Of {@link #context}: the running strand runs the handler of an interrupt. */
    int HANDLER = 1;
    /** Of {@link #context}: an interrupt can be taken there. */
    int INTERRUPTIBLE = 2;
    /** Of {@link #context}: the processor can be given to another strand there. */
    int PREEMPTIBLE = 4;
    /** Of {@link #context}: by how many bits the processor's number is shifted. */
    int PLACE = 3;

    /** {@return where the running strand is: the number of its processor, shifted by {@link #PLACE}, and the bits above; -1 if it is on none} */
    default int context() {
        return -1;
    }

    /**
     * The column of the report in which a strand's steps belong.
     *
     * @param thread the strand's thread
     * @return for example {@code CPU 2}, or null for a column of its own
     */
    String column(Thread thread);

    /**
     * For whom a strand waits that can't go on, as the scenario sees it.
     *
     * @param thread the strand's thread
     * @return half a sentence, or null if nothing is known
     */
    default String waits(Thread thread) {
        return null;
    }
}
