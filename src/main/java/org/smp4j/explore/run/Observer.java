package org.smp4j.explore.run;

import java.util.function.Supplier;

/** Observes the steps of a run, for a report or for a search that reasons about steps. */
public interface Observer {
    /**
     * A strand makes its step.
     *
     * @param x the execution
     * @param strand the strand, whose site, location and mode describe the step
     */
    void performed(Run x, Strand strand);

    /**
     * The step was a conditional write, with this result.
     *
     * @param x the execution
     * @param strand the strand
     * @param success whether it wrote
     */
    default void exchanged(Run x, Strand strand, boolean success) {
    }

    /**
     * The program gives an event away, for a trace; no step.
     *
     * @param x the execution
     * @param strand the strand
     * @param event the event, of a type that is not rewritten
     */
    default void event(Run x, Strand strand, Object event) {
    }

    /**
     * The run departs from the default, by something other than a switch or a step.
     *
     * @param x the execution
     * @param strand the strand that is about to step
     * @param text what happens
     */
    default void departed(Run x, Strand strand, String text) {
    }

    /**
     * The run departs from the default, as a read returns an older value than the newest, or a write lands before newer
     * ones.
     *
     * @param x the execution
     * @param strand the strand that is about to make the access
     * @param text what it misses
     */
    default void readsOlder(Run x, Strand strand, String text) {
        departed(x, strand, text);
    }

    /**
     * A strand takes an interrupt where its code does not poll.
     *
     * @param x the execution
     * @param strand the strand
     */
    default void interrupted(Run x, Strand strand) {
    }

    /** {@return whether it wants to know of plain accesses that are no steps} */
    default boolean seesPlain() {
        return false;
    }

    /**
     * The strand is about to make a plain access that is no step; only for one that {@link #seesPlain}. The strand has
     * its location, mode and site during this call.
     *
     * @param x the execution
     * @param strand the strand
     */
    default void plain(Run x, Strand strand) {
    }

    /**
     * The value of the step.
     *
     * @param x the execution
     * @param strand the strand
     * @param value the value that was read or written
     */
    default void value(Run x, Strand strand, Object value) {
    }

    /**
     * A strand was made.
     *
     * @param x the execution
     * @param parent the strand that made it, or null
     * @param child the strand
     */
    default void started(Run x, Strand parent, Strand child) {
    }

    /**
     * A step of another strand lets a waiting strand go on.
     *
     * @param x the execution
     * @param by the strand that made the step
     * @param strand the waiter
     */
    default void woken(Run x, Strand by, Strand strand) {
    }

    /**
     * No strand could go on, so time has passed.
     *
     * @param x the execution
     */
    default void timePassed(Run x) {
    }

    /**
     * The scenario adds a note.
     *
     * @param x the execution
     * @param strand the strand that adds it
     * @param text the line
     */
    default void note(Run x, Strand strand, String text) {
    }

    /**
     * The scenario says what the strand's last step was.
     *
     * @param x the execution
     * @param strand the strand
     * @param text the step in the scenario's words
     */
    default void named(Run x, Strand strand, Supplier<String> text) {
    }

    /**
     * A strand other than the default one is to step.
     *
     * @param x the execution
     * @param from the strand that made the last step
     * @param to the strand that makes the next one
     */
    default void departed(Run x, Strand from, Strand to) {
    }

    /**
     * The scenario made a choice.
     *
     * @param x the execution
     * @param strand the strand
     * @param choice the alternative
     */
    default void chose(Run x, Strand strand, int choice) {
    }
}
