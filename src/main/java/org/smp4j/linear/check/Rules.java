package org.smp4j.linear.check;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.linear.LinearOptions;

/**
 * What is checked, as a token says it.
 *
 * @param realTime whether a call that ended before another one began must also take effect before it
 * @param ends whether the end of a call is a step: a search that omits equivalent schedules must not omit those that
 *         differ in which call had ended before another one began
 * @param specification the class that says what is right; null for the class under test itself
 * @param stepLimit the maximum number of steps of a run
 */
record Rules(boolean realTime, boolean ends, String specification, int stepLimit) {
    private static final Pattern TEXT = Pattern.compile("([es]*)-(\\d{1,9})(@.+)?");

    /** {@return the rules of a check with options} */
    static Rules of(LinearOptions options) {
        return new Rules(options.realTime(), options.explore().isExhaustive(), options.specification(),
                options.explore().stepLimit());
    }

    /** {@return the rules as a word} */
    String encode() {
        return (ends ? "e" : "") + (realTime ? "" : "s") + "-" + stepLimit
                + (specification == null ? "" : "@" + specification);
    }

    /** {@return the rules that a word stands for} */
    static Rules decode(String word) {
        Matcher parts = TEXT.matcher(word);
        if (!parts.matches()) {
            throw new ExplorerException("the token's rules are unknown: " + word
                    + "; it may be of another version of smp4j");
        }
        return new Rules(!parts.group(1).contains("s"), parts.group(1).contains("e"),
                parts.group(3) == null ? null : parts.group(3).substring(1), Integer.parseInt(parts.group(2)));
    }
}
