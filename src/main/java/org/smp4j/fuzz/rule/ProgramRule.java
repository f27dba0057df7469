package org.smp4j.fuzz.rule;

import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.explore.model.Failure;

/** A rule that a generated program checks between its operations. They alone do not show that it is broken. */
public final class ProgramRule {
    private static final String DETAIL = "The program checks this between its operations.";

    private ProgramRule() {
    }

    /**
     * Ends the run, as {@link Exploring#broken}.
     *
     * @param rule the rule in a few words
     * @param message what happened, in one sentence
     */
    public static void broken(String rule, String message) {
        Exploring.broken(rule, message, List.of(DETAIL));
    }

    /**
     * {@return whether a failure is one of these rules}
     *
     * @param failure the failure
     */
    public static boolean isBrokenIn(Failure failure) {
        return failure.details().contains(DETAIL);
    }
}
