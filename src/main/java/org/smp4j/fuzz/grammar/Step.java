package org.smp4j.fuzz.grammar;

import java.util.List;
import org.smp4j.fuzz.program.Op;

/**
 * An operation of a program that runs.
 *
 * @param id its number in the program, from 0
 * @param op the operation
 * @param production its production
 * @param body the operations in it
 */
public record Step(int id, Op op, Production production, List<Step> body) {
    /** Copies the list. */
    public Step {
        body = List.copyOf(body);
    }

    /**
     * {@return an argument}
     *
     * @param index which, from 0
     */
    public int arg(int index) {
        return op.arg(index);
    }

    /**
     * {@return whether an argument is not 0}
     *
     * @param index which, from 0
     */
    public boolean is(int index) {
        return op.arg(index) != 0;
    }

    @Override
    public String toString() {
        return op.name() + op.args() + " (operation " + id + ")";
    }
}
