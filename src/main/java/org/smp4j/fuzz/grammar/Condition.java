package org.smp4j.fuzz.grammar;

import org.smp4j.fuzz.program.Op;

/** A condition that the place of an operation must meet. */
@FunctionalInterface
public interface Condition {
    /**
     * {@return whether the place does}
     *
     * @param facts the facts of the program
     * @param op the operation
     * @param at the place
     */
    boolean test(Facts facts, Op op, Situation at);
}
