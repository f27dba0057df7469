package org.smp4j.litmus.parse;

import java.util.List;
import org.smp4j.litmus.program.LitmusException;

/** The words of a test, read one after the other. */
final class Words {
    private final List<Lexeme> words;
    private int next;

    Words(List<Lexeme> words) {
        this.words = words;
    }

    Lexeme peek() {
        return words.get(next);
    }

    Lexeme peek(int ahead) {
        return words.get(Math.min(next + ahead, words.size() - 1));
    }

    Lexeme take() {
        Lexeme word = peek();
        if (word.kind() != Lexeme.Kind.END) {
            next++;
        }
        return word;
    }

    boolean isNext(String word) {
        return peek().is(word);
    }

    boolean takeIf(String word) {
        boolean is = isNext(word);
        if (is) {
            next++;
        }
        return is;
    }

    Lexeme expect(String word) {
        if (!isNext(word)) {
            throw refuse(peek(), "'" + word + "' is expected here instead of " + peek());
        }
        return take();
    }

    Lexeme expectName(String what) {
        if (!peek().isName()) {
            throw refuse(peek(), what + " is expected here instead of " + peek());
        }
        return take();
    }

    long expectNumber() {
        boolean negative = takeIf("-");
        Lexeme word = peek();
        if (word.kind() != Lexeme.Kind.NUMBER) {
            throw refuse(word, "a number is expected here instead of " + word);
        }
        take();
        return negative ? -number(word) : number(word);
    }

    static long number(Lexeme word) {
        String digits = word.text().replaceAll("(?i)[ul]+$", "");
        try {
            return Long.decode(digits);
        } catch (NumberFormatException e) {
            throw refuse(word, word + " is not a number");
        }
    }

    static LitmusException refuse(Lexeme word, String message) {
        return new LitmusException(word.at(), message);
    }
}
