package org.smp4j.explore.model;

import java.util.List;

/**
 * The failure of a run.
 *
 * @param rule the broken rule, in a few words that are the same for every run that breaks it
 * @param message what happened, in one sentence
 * @param details more lines: what each thread waits for, or the frames of an exception
 * @param thrown the exception of a strand, or null
 */
public record Failure(String rule, String message, List<String> details, Throwable thrown) {
    /** The rule of runs that never end. */
    public static final String LIVELOCK = "livelock";
    /** The rule of runs in which no thread can go on. */
    public static final String DEADLOCK = "deadlock";
    /** The rule of unordered plain accesses, if data races are failures. */
    public static final String DATA_RACE = "data race";

    /** Escapes characters in names and messages of the program that would break a line. */
    public Failure {
        rule = PlainText.of(rule);
        message = PlainText.of(message);
        details = details.stream().map(PlainText::of).toList();
    }

    /** A broken rule, thrown on the strand that found it. */
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
