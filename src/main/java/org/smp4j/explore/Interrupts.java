package org.smp4j.explore;

/**
 * What a scenario with processors tells the explorer of them: where a strand sits, and which interrupts it could take now. Installed by code that is loaded
 * with the scenario; called on the running strand, its accesses don't count but for those of {@link #take}.
 */
public interface Interrupts {
    /**
     * Whether the running strand could be interrupted where it stands.
     *
     * @return 0 for no, else the number of an interrupt
     */
    int pending();

    /** {@return whether there are any to be taken where the scenario's code does not do so by itself} */
    default boolean injected() {
        return true;
    }

    /**
     * Takes an interrupt.
     *
     * @param interrupt what {@link #pending} returned
     */
    void take(int interrupt);

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
