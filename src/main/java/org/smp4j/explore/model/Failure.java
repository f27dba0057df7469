package org.smp4j.explore.model;

import java.util.List;

/**
 * What is wrong with a run.
 *
 * @param rule which rule was broken, in a few words that are the same for every run that breaks it
 * @param message what happened, in one sentence
 * @param details more lines: who waits for what, where an exception comes from
 * @param thrown what a strand threw, or null
 */
public record Failure(String rule, String message, List<String> details, Throwable thrown) {
    /** The rule of what goes on for ever. */
    public static final String LIVELOCK = "livelock";
    /** The rule of plain accesses that nothing orders, where it is one. */
    public static final String DATA_RACE = "data race";

    /** Names and messages of the program are made fit for lines. */
    public Failure {
        rule = PlainText.of(rule);
        message = PlainText.of(message);
        details = details.stream().map(PlainText::of).toList();
    }

    /** A broken rule, thrown in the strand that found it. */
    public static final class Broken extends Error {
        private static final long serialVersionUID = 1L;
        public final String rule;
        public final transient List<String> details;

        public Broken(String rule, String message, List<String> details) {
            super(message, null, false, true);
            this.rule = rule;
            this.details = details;
        }
    }
}
