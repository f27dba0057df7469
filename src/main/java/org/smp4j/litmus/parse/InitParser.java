package org.smp4j.litmus.parse;

import java.util.LinkedHashMap;

/** Reads the first part of a test: the initial values of its locations and registers. */
final class InitParser {
    private static final int MOST_ELEMENTS = 64;

    private final Words words;
    private final Names names;

    InitParser(Words words, Names names) {
        this.words = words;
        this.names = names;
    }

    void read() {
        words.expect("{");
        while (!words.takeIf("}")) {
            entry();
            if (!words.isNext("}")) {
                words.expect(";");
            }
            while (words.takeIf(";")) {
                // an empty entry
            }
        }
    }

    private void entry() {
        if (words.peek().kind() == Lexeme.Kind.NUMBER) {
            register();
            return;
        }
        while (ExpressionParser.isType(words.peek()) || words.isNext("*")) {
            words.take();
        }
        boolean bracket = words.takeIf("[");
        Lexeme name = words.expectName("the name of a location");
        int elements = 0;
        if (words.takeIf("[")) {
            Lexeme size = words.peek();
            elements = (int) words.expectNumber();
            if (elements < 1 || elements > MOST_ELEMENTS) {
                throw Words.refuse(size, "an array has from 1 to " + MOST_ELEMENTS + " elements, not " + size.text());
            }
            words.expect("]");
        }
        if (bracket) {
            words.expect("]");
        }
        int location = names.location(name.text(), elements);
        if (words.takeIf("=")) {
            if (words.takeIf("{")) {
                elements(location, elements);
            } else {
                names.set(location, value());
            }
        }
    }

    private void elements(int location, int elements) {
        for (int i = 0; !words.takeIf("}"); i++) {
            if (i >= elements) {
                throw Words.refuse(words.peek(), "the array has " + elements + " elements");
            }
            names.set(location + i, value());
            words.takeIf(",");
        }
    }

    private void register() {
        Lexeme thread = words.take();
        words.expect(":");
        while (ExpressionParser.isType(words.peek()) || words.isNext("*")) {
            words.take();
        }
        String register = words.expectName("the name of a register").text();
        words.expect("=");
        names.registers.computeIfAbsent((int) Words.number(thread), _ -> new LinkedHashMap<>())
                .put(register, value());
    }

    private long value() {
        if (words.isNext("ATOMIC_INIT")) {
            words.take();
            words.expect("(");
            long value = words.expectNumber();
            words.expect(")");
            return value;
        }
        boolean isAddress = words.takeIf("&");
        if (isAddress || words.peek().isName()) {
            return names.address(words.expectName("the name of a location").text());
        }
        return words.expectNumber();
    }
}
