package org.smp4j.fuzz.grammar;

import org.smp4j.fuzz.program.Op;

/** The results that are allowed, or null for any. */
@FunctionalInterface
public interface Results {
    /**
     * {@return them}
     *
     * @param facts the facts of the program
     * @param op the operation
     */
    int[] of(Facts facts, Op op);
}
