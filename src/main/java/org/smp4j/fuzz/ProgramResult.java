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
 * @param results the kinds of operations, each with each result that it had, in order; for example {@code down -16}
 * @param warnings the names of the warnings that there were, in order
 * @param fault why the program could not be explored, or null
 */
public record ProgramResult(String program, long runs, long steps, String rule, String message, List<String> notes,
        long[] pairs, int outcomes, List<String> results, List<String> warnings, String fault) {
    /** Copies the lists. */
    public ProgramResult {
        notes = List.copyOf(notes);
        results = List.copyOf(results);
        warnings = List.copyOf(warnings);
    }

    /**
     * {@return the result for a program that could not be explored}
     *
     * @param program its text
     * @param fault why
     */
    static ProgramResult refused(String program, String fault) {
        return new ProgramResult(program, 0, 0, null, null, List.of(), new long[0], 0, List.of(), List.of(), fault);
    }

    /** {@return whether a rule was broken} */
    public boolean failed() {
        return rule != null;
    }
}
