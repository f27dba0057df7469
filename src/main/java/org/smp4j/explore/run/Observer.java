package org.smp4j.explore.run;

/** Is told each step of a run, where somebody wants to know: a report, or a search that reasons about steps. */
public interface Observer {
    /**
     * A strand makes its step.
     *
     * @param x the execution
     * @param strand the strand, whose site, location and mode say which
     */
    void performed(Run x, Strand strand);

    /**
     * The step was a conditional write, and this came of it.
     *
     * @param x the execution
     * @param strand the strand
     * @param success whether it wrote
     */
    default void exchanged(Run x, Strand strand, boolean success) {
    }

    /**
     * Something else than the default is to happen, and it is no switch between strands and no step.
     *
     * @param x the execution
     * @param strand the strand that stands there
     * @param text what happens
     */
    default void departed(Run x, Strand strand, String text) {
    }

    /**
     * A strand takes an interrupt where its code does not poll.
     *
     * @param x the execution
     * @param strand the strand
     */
    default void interrupted(Run x, Strand strand) {
    }

    /**
     * The value of the step.
     *
     * @param x the execution
     * @param strand the strand
     * @param value what was read or written
     */
    default void value(Run x, Strand strand, Object value) {
    }

    /**
     * A strand was made.
     *
     * @param x the execution
     * @param parent who made it, or null
     * @param child the strand
     */
    default void started(Run x, Strand parent, Strand child) {
    }

    /**
     * A strand that waited can go on because of what another did.
     *
     * @param x the execution
     * @param by who did it
     * @param strand who waited
     */
    default void woken(Run x, Strand by, Strand strand) {
    }

    /**
     * Nobody could go on, so time has passed.
     *
     * @param x the execution
     */
    default void timePassed(Run x) {
    }

    /**
     * The scenario has something to say.
     *
     * @param x the execution
     * @param strand who says it
     * @param text the line
     */
    default void note(Run x, Strand strand, String text) {
    }

    /**
     * Another strand than the default is to step.
     *
     * @param x the execution
     * @param from who made the last step
     * @param to who makes the next
     */
    default void departed(Run x, Strand from, Strand to) {
    }

    /**
     * The scenario made a choice.
     *
     * @param x the execution
     * @param strand who
     * @param choice which alternative
     */
    default void chose(Run x, Strand strand, int choice) {
    }
}
