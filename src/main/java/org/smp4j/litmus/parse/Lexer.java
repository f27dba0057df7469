package org.smp4j.litmus.parse;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.program.Position;

/** Divides a test into words. Comments are those of C, and outside of threads also those of OCaml, as herd has them. */
final class Lexer {
    private static final List<String> SYMBOLS = List.of("/\\", "\\/", "&&", "||", "==", "!=", "<=", ">=", "<<", ">>",
            "++", "--", "+=", "-=", "*=", "|=", "&=", "^=", "<>");
    private static final String SINGLE = "{}()[];,:=~!<>+-*/%&|^?.@#";

    private final String text;
    private final int firstLine;
    private final List<Lexeme> words = new ArrayList<>();
    private int index;
    private int line;
    private int lineStart;
    private int depth;
    private boolean isAfterInit;

    /**
     * A text to divide.
     *
     * @param text the text, from the line after the header on
     * @param firstLine the number of its first line
     */
    Lexer(String text, int firstLine) {
        this.text = text;
        this.firstLine = firstLine;
    }

    List<Lexeme> words() {
        line = firstLine;
        while (skipBlanks()) {
            Position at = here();
            int start = index;
            Lexeme.Kind kind = next();
            String word = text.substring(start, index);
            words.add(new Lexeme(kind, word, at, start));
            if (word.equals("{")) {
                depth++;
            } else if (word.equals("}") && --depth == 0) {
                isAfterInit = true;
            }
        }
        words.add(new Lexeme(Lexeme.Kind.END, "", here(), index));
        return words;
    }

    private Position here() {
        return new Position(line, index - lineStart + 1);
    }

    /** {@return whether a word follows} */
    private boolean skipBlanks() {
        while (index < text.length()) {
            if (Character.isWhitespace(text.charAt(index))) {
                step();
            } else if (text.startsWith("//", index)) {
                skipTo("\n");
            } else if (text.startsWith("/*", index)) {
                skipComment("/*", "*/");
            } else if (text.startsWith("(*", index) && !(isAfterInit && depth > 0)) {
                skipComment("(*", "*)");
            } else {
                return true;
            }
        }
        return false;
    }

    private void skipComment(String open, String close) {
        Position at = here();
        index += open.length();
        int end = text.indexOf(close, index);
        if (end < 0) {
            throw new LitmusException(at, "the comment has no end; close it with " + close);
        }
        skipTo(close);
        index += close.length();
    }

    private void skipTo(String end) {
        int to = text.indexOf(end, index);
        int last = to < 0 ? text.length() : to;
        while (index < last) {
            step();
        }
    }

    private void step() {
        if (text.charAt(index++) == '\n') {
            line++;
            lineStart = index;
        }
    }

    private Lexeme.Kind next() {
        char first = text.charAt(index);
        if (Character.isLetter(first) || first == '_' || first == '$') {
            return run("_$");
        } else if (Character.isDigit(first)) {
            run("_");
            return Lexeme.Kind.NUMBER;
        } else if (first == '"') {
            Position at = here();
            int end = text.indexOf('"', index + 1);
            if (end < 0) {
                throw new LitmusException(at, "the string has no end");
            }
            skipTo("\"");
            while (index <= end) {
                step();
            }
            return Lexeme.Kind.STRING;
        }
        for (String symbol : SYMBOLS) {
            if (text.startsWith(symbol, index)) {
                index += symbol.length();
                return Lexeme.Kind.SYMBOL;
            }
        }
        if (SINGLE.indexOf(first) < 0) {
            throw new LitmusException(here(), "'" + first + "' is not expected in a test");
        }
        index++;
        return Lexeme.Kind.SYMBOL;
    }

    private Lexeme.Kind run(String beside) {
        while (index < text.length() && (Character.isLetterOrDigit(text.charAt(index))
                || beside.indexOf(text.charAt(index)) >= 0)) {
            index++;
        }
        return Lexeme.Kind.NAME;
    }
}
