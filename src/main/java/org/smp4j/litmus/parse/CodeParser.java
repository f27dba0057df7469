package org.smp4j.litmus.parse;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.Instruction;

/** Reads the body of a thread: the statements that C and Java have in common. */
final class CodeParser {
    private final Words words;
    private final String text;
    private final Names names;
    private final CodeBuilder code;
    /** The parameters of the thread: each is a location that its code calls by this name. */
    private final Set<String> parameters;
    private final ExpressionParser expressions;
    private final List<Integer> jumpsToEnd = new ArrayList<>();

    CodeParser(Words words, String text, Names names, CodeBuilder code, Calls calls, Set<String> parameters) {
        this.words = words;
        this.text = text;
        this.names = names;
        this.code = code;
        this.parameters = parameters;
        expressions = new ExpressionParser(words, names, code, calls, parameters);
    }

    /** Reads the body in its braces. */
    void body() {
        block();
        for (int jump : jumpsToEnd) {
            code.land(jump);
        }
    }

    private void block() {
        words.expect("{");
        while (!words.takeIf("}")) {
            statement();
        }
    }

    private void statement() {
        Lexeme first = words.peek();
        int from = code.size();
        if (words.isNext("{")) {
            block();
        } else if (words.takeIf("if")) {
            branch(first);
        } else if (words.takeIf("while")) {
            loop(first);
        } else if (words.takeIf("do")) {
            loopAfter(first);
        } else if (words.takeIf("return")) {
            returned(first);
        } else if (!words.takeIf(";")) {
            simple();
            Lexeme end = words.expect(";");
            code.text(from, text.substring(first.start(), end.start()).strip().replaceAll("\\s+", " "));
        }
    }

    private void returned(Lexeme first) {
        if (!words.isNext(";")) {
            expressions.expression();
        }
        words.expect(";");
        jumpsToEnd.add(code.jumpUnless(first.at(), null));
    }

    private Expression condition() {
        Lexeme open = words.expect("(");
        int from = code.size();
        Expression condition = expressions.expression();
        Lexeme close = words.expect(")");
        code.text(from, "if " + text.substring(open.start(), close.start() + 1).replaceAll("\\s+", " "));
        return condition;
    }

    private void branch(Lexeme first) {
        Expression condition = condition();
        int jump = code.jumpUnless(first.at(), condition);
        statement();
        if (words.takeIf("else")) {
            int over = code.jumpUnless(first.at(), null);
            code.land(jump);
            statement();
            code.land(over);
        } else {
            code.land(jump);
        }
    }

    private void loop(Lexeme first) {
        int counter = code.temporary();
        code.assign(first.at(), counter, ExpressionParser.ZERO);
        int start = code.size();
        code.add(new Instruction.Iterate(first.at(), counter));
        int jump = code.jumpUnless(first.at(), condition());
        statement();
        code.add(new Instruction.JumpUnless(first.at(), null, start));
        code.land(jump);
    }

    private void loopAfter(Lexeme first) {
        int counter = code.temporary();
        code.assign(first.at(), counter, ExpressionParser.ZERO);
        int start = code.size();
        code.add(new Instruction.Iterate(first.at(), counter));
        statement();
        words.expect("while");
        Expression condition = condition();
        words.expect(";");
        code.add(new Instruction.JumpUnless(first.at(),
                new Expression.Binary(Operator.EQUAL, condition, ExpressionParser.ZERO), start));
    }

    /** A declaration, an assignment or a call. */
    private void simple() {
        if (words.peek().is("struct") || words.peek().is("goto") || words.peek().is("for") || words.peek().is("switch")
                || words.peek().is("asm")) {
            throw Words.refuse(words.peek(), words.peek() + " is not supported in a thread");
        }
        if (ExpressionParser.isType(words.peek())) {
            expressions.takeType();
            do {
                expressions.stars();
                declared();
            } while (words.takeIf(","));
        } else if (words.takeIf("*")) {
            Lexeme at = words.peek();
            Expression address = expressions.unary();
            assignment(at, address, AccessMode.PLAIN);
        } else if (words.peek().isName() && words.peek(1).is("[")) {
            Lexeme at = words.peek();
            assignment(at, expressions.element(words.take()), AccessMode.PLAIN);
        } else if (words.peek().isName() && isAssignment(words.peek(1))) {
            assigned(words.take());
        } else {
            expressions.expression();
        }
    }

    private void declared() {
        Lexeme name = words.expectName("the name of a register");
        if (parameters.contains(name.text())) {
            throw Words.refuse(name, name + " is a parameter already");
        }
        int register = code.register(name.text());
        if (words.isNext("[") || words.isNext("(")) {
            throw Words.refuse(words.peek(), "a register is a single number");
        }
        if (words.takeIf("=")) {
            set(name, register);
        }
    }

    private void assigned(Lexeme name) {
        if (parameters.contains(name.text()) || !code.isRegister(name.text()) && names.isLocation(name.text())) {
            throw Words.refuse(name, name + " is the address of a location, which can't be assigned");
        }
        int register = code.register(name.text());
        Lexeme operator = words.take();
        if (operator.is("=")) {
            set(name, register);
        } else if (operator.is("++") || operator.is("--")) {
            code.assign(name.at(), register, new Expression.Binary(operator.is("++") ? Operator.PLUS : Operator.MINUS,
                    new Expression.Register(register), ExpressionParser.ONE));
        } else {
            Operator combined = ExpressionParser.operator(operator.text().substring(0, 1));
            code.assign(name.at(), register,
                    new Expression.Binary(combined, new Expression.Register(register), expressions.expression()));
        }
    }

    private void set(Lexeme name, int register) {
        code.assign(name.at(), register, expressions.expression());
    }

    private void assignment(Lexeme at, Expression address, AccessMode mode) {
        words.expect("=");
        code.store(at.at(), address, expressions.expression(), mode);
    }

    private static boolean isAssignment(Lexeme word) {
        return word.text().matches("=|[-+*|&^]=|\\+\\+|--");
    }
}
