package org.smp4j.explore.run;

/**
 * The interface by which a scenario with processors tells the explorer where a strand runs, which interrupts it could
 * take now, and which may come from outside. Code that is loaded with the scenario installs it. It is called on the
 * running strand; only the accesses of {@link #take} are steps.
 */
public interface Interrupts {
    /**
     * Whether an interrupt is pending that the running strand could take before its next step.
     *
     * @return 0 for none, else the number of an interrupt
     */
    int pending();

    /** {@return whether interrupts are masked before the running strand's next step, whatever is pending} */
    default boolean masked() {
        return false;
    }

    /**
     * {@return whether strands may take interrupts where the scenario's code does not poll; asked once, at
     * installation}
     */
    default boolean injected() {
        return true;
    }

    /**
     * Takes an interrupt.
     *
     * @param interrupt the result of {@link #pending}; 0 for an interrupt that was just raised
     */
    void take(int interrupt);

    /**
     * The interrupts that may come from outside now. By default they do not come, but see {@link #overdue}.
     *
     * @param elsewhere whether to include idle processors beside the running strand's own
     * @return by bit, the numbers of interrupts from 0 to 30
     */
    default int possible(boolean elsewhere) {
        return 0;
    }

    /**
     * Of the interrupts that may come, those that come by default to a preempted strand which goes on because no other
     * can: those whose time has come meanwhile.
     *
     * @return by bit, the numbers of interrupts
     */
    default int overdue() {
        return 0;
    }

    /**
     * Raises an interrupt, which is pending from here on.
     *
     * @param number a number of {@link #possible}
     * @return the thread that takes it: the running strand's, which does so at once, or a waiting one, which goes on
     */
    default Thread raise(int number) {
        throw new IllegalArgumentException("no interrupt " + number);
    }

    /**
     * Describes an interrupt for reports.
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
    /** Of {@link #context}: the processor can switch to another strand there. */
    int PREEMPTIBLE = 4;
    /** Of {@link #context}: the number of bits by which the processor's number is shifted. */
    int PLACE = 3;

    /**
     * {@return the context of the running strand: the number of its processor, shifted by {@link #PLACE}, and the bits
     * above; -1 if it is on none}
     */
    default int context() {
        return -1;
    }

    /**
     * The column of the report for a strand's steps.
     *
     * @param thread the strand's thread
     * @return for example {@code CPU 2}, or null for a column of its own
     */
    String column(Thread thread);

    /**
     * What a blocked strand waits for, as the scenario sees it.
     *
     * @param thread the strand's thread
     * @return half a sentence, or null if the scenario does not know
     */
    default String waits(Thread thread) {
        return null;
    }
}
