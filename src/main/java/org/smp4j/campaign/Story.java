package org.smp4j.campaign;

import java.util.Objects;

/**
 * A failure after shrinking. Failures with the same key are reported once.
 *
 * @param key what is the same for failures that have the same cause: the rule, and the shrunk interleaving
 * @param rule the rule that was broken
 * @param text what a reader should see
 * @param token replays it, or null
 */
public record Story(String key, String rule, String text, String token) {
    /** Checks the parts. */
    public Story {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(text, "text");
    }
}
