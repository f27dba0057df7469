package org.smp4j.explore.model;

import java.util.Map;
import java.util.Set;

/**
 * What a scenario says about its objects and its state, for reports: the explorer itself knows only classes and fields.
 * Code that is loaded with the scenario installs it. It is called between steps, and its accesses are no steps.
 */
public interface Describer {
    /** Knows nothing. */
    Describer NONE = new Describer() {
    };

    /** Stands for a value that is not known. */
    Object UNKNOWN = new Object();

    /** What a field is for. */
    enum Role {
        /** A part of the state. */
        STATE,
        /** A lock: 0 is free. */
        LOCK,
        /** A detail of the machinery, which a report tells last. */
        DETAIL
    }

    /** {@return the name of an object, or null} */
    default String object(Object object) {
        return null;
    }

    /** {@return what an object calls itself, wherever it is; null if it has no name of its own} */
    default String called(Object object) {
        return null;
    }

    /**
     * The value of a field in words.
     *
     * @param owner the object with the field, or an array; null for a static field
     * @param field the simple name of the field; empty for an element
     * @param value the value, boxed
     * @return the words, or null
     */
    default String value(Object owner, String field, Object value) {
        return null;
    }

    /**
     * What a field is for.
     *
     * @param owner the object with the field, or an array; null for a static field
     * @param field the simple name of the field; empty for an element
     * @return its role
     */
    default Role role(Object owner, String field) {
        return Role.STATE;
    }

    /** {@return whether a class is part of the machinery below the code that the user has written} */
    default boolean isMachinery(String className) {
        return false;
    }

    /** {@return whether a function only wraps an access, so that a report names its caller} */
    default boolean isWrapper(String className, String method) {
        return false;
    }

    /**
     * What runs on a strand's thread.
     *
     * @param thread the thread
     * @param handler the outermost function of the interrupt handler that runs there; null for none
     * @return the name of the task or handler; null for the name of the strand
     */
    default String actor(Thread thread, String handler) {
        return null;
    }

    /**
     * {@return whether a thread has nothing to do and waits, as it should: a description of a deadlock leaves it out}
     */
    default boolean isIdle(Thread thread) {
        return false;
    }

    /** {@return whether a function is the entry to interrupt handlers: the one that it calls is the handler} */
    default boolean isInterruptEntry(String className) {
        return false;
    }

    /**
     * The relation between a write to a field and the first read of it elsewhere.
     *
     * @param owner the object with the field, or an array; null for a static field
     * @param field the simple name of the field; empty for an element
     * @param fetch whether the write reported the value before it, which {@code value} is then
     * @param value else the value that was written
     * @return the relation; null for none that is worth an arrow
     */
    default Arrow arrow(Object owner, String field, boolean fetch, Object value) {
        return null;
    }

    /**
     * A relation between two steps.
     *
     * @param kind its name, as {@code IPI}
     * @param reader the column or the actor at which the arrow ends; null for any
     */
    record Arrow(String kind, String reader) {
    }

    /**
     * The value of a field or an element as it is now.
     *
     * @param owner the object with the field
     * @param field the simple name of the field
     * @return the value, boxed; {@link #UNKNOWN} if it is not known
     */
    default Object now(Object owner, String field) {
        return UNKNOWN;
    }

    /** {@return the names of the interrupts that the CPU of a thread has to take; null if they are not known} */
    default String interrupts(Thread thread) {
        return null;
    }

    /**
     * {@return what makes it possible that a thread is preempted where it is, in a few words; null if that is not
     * known, or it can't be preempted there}
     */
    default String preemptible(Thread thread) {
        return null;
    }

    /** {@return what a note tells of something that goes from one step to another; null if it tells nothing of that} */
    default Link link(String note) {
        return null;
    }

    /**
     * One end of what goes from a note to another one.
     *
     * @param kind the name of the relation, as {@code call}
     * @param key what both ends have in common
     * @param sends whether this is the first of the two
     * @param settles whether all is well once it has arrived: a story can do without both
     */
    record Link(String kind, String key, boolean sends, boolean settles) {
    }

    /** {@return by aspect of {@link #state} that is a phase: the values that have no band in a picture} */
    default Map<String, Set<String>> bands() {
        return Map.of();
    }

    /** {@return by aspect of {@link #state} that is worth a shade, the value that has none} */
    default Map<String, String> shades() {
        return Map.of();
    }

    /**
     * {@return the present state, by column of the report and then by aspect, in the order of display; the empty column
     * is for what belongs to none}
     */
    default Map<String, Map<String, String>> state() {
        return Map.of();
    }
}
