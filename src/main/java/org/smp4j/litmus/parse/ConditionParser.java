package org.smp4j.litmus.parse;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.litmus.program.Condition;
import org.smp4j.litmus.program.Condition.Formula;
import org.smp4j.litmus.program.Condition.Part;
import org.smp4j.litmus.program.Condition.Quantifier;

/** Reads what follows the threads: the locations to show, and the condition. */
final class ConditionParser {
    private final Words words;
    private final Names names;
    private final List<CodeBuilder> threads;
    private final Set<Part> shown = new LinkedHashSet<>();

    ConditionParser(Words words, Names names, List<CodeBuilder> threads) {
        this.words = words;
        this.names = names;
        this.threads = threads;
    }

    /** {@return the parts of the final state that are named, registers first, as herd shows them} */
    List<Part> shown() {
        List<Part> parts = new ArrayList<>(shown);
        parts.sort((a, b) -> {
            boolean registers = a.thread() >= 0 && b.thread() >= 0;
            return (a.thread() < 0) != (b.thread() < 0) ? Boolean.compare(a.thread() < 0, b.thread() < 0)
                    : registers && a.thread() != b.thread() ? Integer.compare(a.thread(), b.thread())
                    : a.name().compareTo(b.name());
        });
        return parts;
    }

    Condition condition() {
        if (words.takeIf("locations")) {
            words.expect("[");
            while (!words.takeIf("]")) {
                part();
                words.takeIf(";");
            }
        }
        Quantifier quantifier = quantifier();
        Formula formula = or();
        words.takeIf(";");
        if (words.peek().kind() != Lexeme.Kind.END) {
            throw Words.refuse(words.peek(), words.peek() + " is not expected after the condition");
        }
        return new Condition(quantifier, formula);
    }

    private Quantifier quantifier() {
        if (words.takeIf("exists")) {
            return Quantifier.EXISTS;
        } else if (words.takeIf("forall")) {
            return Quantifier.FORALL;
        } else if (words.isNext("~") && words.peek(1).is("exists") || words.isNext("not")
                && words.peek(1).is("exists")) {
            words.take();
            words.take();
            return Quantifier.NOT_EXISTS;
        }
        throw Words.refuse(words.peek(), "exists, ~exists or forall is expected here instead of " + words.peek());
    }

    private Formula or() {
        List<Formula> formulas = new ArrayList<>(List.of(and()));
        while (words.takeIf("\\/")) {
            formulas.add(and());
        }
        return formulas.size() == 1 ? formulas.getFirst() : new Formula.Or(formulas);
    }

    private Formula and() {
        List<Formula> formulas = new ArrayList<>(List.of(single()));
        while (words.takeIf("/\\")) {
            formulas.add(single());
        }
        return formulas.size() == 1 ? formulas.getFirst() : new Formula.And(formulas);
    }

    private Formula single() {
        if (words.takeIf("not") || words.takeIf("~")) {
            return new Formula.Not(single());
        } else if (words.takeIf("(")) {
            Formula inner = or();
            words.expect(")");
            return inner;
        } else if (words.isNext("true") || words.isNext("false")) {
            return new Formula.Truth(words.take().is("true"));
        }
        return equal();
    }

    private Formula equal() {
        Part left = part();
        Lexeme operator = words.take();
        boolean negated = operator.is("!=") || operator.is("<>");
        if (!negated && !operator.is("=") && !operator.is("==")) {
            throw Words.refuse(operator, "'=' is expected here instead of " + operator);
        }
        Part right = null;
        long value = 0;
        String text;
        if (words.peek().kind() == Lexeme.Kind.NUMBER && words.peek(1).is(":")) {
            right = part();
            text = right.name();
        } else if (words.peek().isName() || words.isNext("&")) {
            words.takeIf("&");
            Lexeme name = words.expectName("a location");
            value = names.address(name.text());
            text = name.text();
        } else {
            value = words.expectNumber();
            text = Long.toString(value);
        }
        return new Formula.Equal(left, right, value, negated, left.name() + (negated ? "!=" : "=") + text);
    }

    private Part part() {
        Part part;
        if (words.peek().kind() == Lexeme.Kind.NUMBER) {
            Lexeme word = words.take();
            long thread = Words.number(word);
            if (thread >= threads.size()) {
                throw Words.refuse(word, "there is no thread " + thread);
            }
            words.expect(":");
            String name = words.expectName("a register").text();
            part = new Part((int) thread, threads.get((int) thread).register(name), thread + ":" + name);
        } else {
            boolean bracket = words.takeIf("[");
            Lexeme word = words.expectName("a register or a location");
            String name = word.text();
            if (words.takeIf("[")) {
                name += "[" + words.expectNumber() + "]";
                words.expect("]");
            }
            if (bracket) {
                words.expect("]");
            }
            if (!names.isLocation(name)) {
                throw Words.refuse(word, "there is no location " + name);
            }
            part = new Part(-1, names.location(name), "[" + name + "]");
        }
        shown.add(part);
        return part;
    }
}
