package org.smp4j.campaign.work;

import java.util.Objects;

/**
 * A failure after shrinking. Failures with the same key are reported once.
 *
 * @param key what is the same for failures that have the same cause: the rule, and the shrunk interleaving
 * @param rule the rule that was broken
 * @param text what a reader should see
 * @param token replays it, or null
 * @param page the file with the page to step through it, beside that of the shard; or null
 */
public record Story(String key, String rule, String text, String token, String page) {
    /** Checks the parts. */
    public Story {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(text, "text");
    }

    /** A failure without a page. */
    Story(String key, String rule, String text, String token) {
        this(key, rule, text, token, null);
    }
}
