package org.smp4j.litmus.parse;

import org.smp4j.litmus.program.Position;

/**
 * A word of a test.
 *
 * @param kind what it is
 * @param text the word
 * @param at where it stands
 * @param start its index in the text
 */
record Lexeme(Kind kind, String text, Position at, int start) {
    /** The kinds of words. */
    enum Kind {
        NAME, NUMBER, SYMBOL, STRING, END
    }

    boolean is(String word) {
        return text.equals(word) && (kind == Kind.SYMBOL || kind == Kind.NAME);
    }

    boolean isName() {
        return kind == Kind.NAME;
    }

    @Override
    public String toString() {
        return kind == Kind.END ? "the end of the test" : "'" + text + "'";
    }
}
