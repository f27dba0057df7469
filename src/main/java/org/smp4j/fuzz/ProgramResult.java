package org.smp4j.fuzz;

import java.util.List;

/**
 * What came of exploring a program.
 *
 * @param program its text
 * @param runs how many runs there were
 * @param steps how many steps they had
 * @param rule the rule that was broken, or null
 * @param message how it was broken, or null
 * @param notes what the exploration remarks
 * @param pairs the pairs of conflicting sites, as {@code Pairs} numbers them
 * @param outcomes how many different outcomes there were
 * @param fault why the program could not be explored, or null
 */
public record ProgramResult(String program, long runs, long steps, String rule, String message, List<String> notes,
        long[] pairs, int outcomes, String fault) {
    /** Copies the list. */
    public ProgramResult {
        notes = List.copyOf(notes);
    }

    /** {@return whether a rule was broken} */
    public boolean failed() {
        return rule != null;
    }
}
