package org.smp4j.litmus.parse;

import java.util.Set;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Constant;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.program.LitmusTest;

/**
 * Reads the expressions of a thread, from left to right: each access to memory in them becomes an instruction, whose
 * result is in a register.
 */
final class ExpressionParser {
    static final Set<String> TYPES = Set.of("int", "long", "short", "char", "unsigned", "signed", "void", "bool",
            "boolean", "byte", "intptr_t", "uintptr_t", "size_t", "atomic_t", "atomic_long_t", "atomic_int",
            "atomic_long", "atomic_bool", "spinlock_t", "volatile", "const", "_Atomic", "final", "u8", "u16", "u32",
            "u64", "s8", "s16", "s32", "s64");
    static final Constant ZERO = new Constant(0);
    static final Constant ONE = new Constant(1);
    private static final int UNARY = 11;

    private final Words words;
    private final Names names;
    private final CodeBuilder code;
    private final Calls calls;
    /** The parameters of the thread: each is a location that its code calls by this name. */
    private final Set<String> parameters;

    ExpressionParser(Words words, Names names, CodeBuilder code, Calls calls, Set<String> parameters) {
        this.words = words;
        this.names = names;
        this.code = code;
        this.calls = calls;
        this.parameters = parameters;
    }

    CodeBuilder code() {
        return code;
    }

    Words words() {
        return words;
    }

    Names names() {
        return names;
    }

    static boolean isType(Lexeme word) {
        return word.isName() && TYPES.contains(word.text());
    }

    void takeType() {
        while (isType(words.peek())) {
            words.take();
        }
    }

    void stars() {
        while (words.takeIf("*") || words.takeIf("const") || words.takeIf("volatile")) {
            // a pointer is a value like any other
        }
    }

    Expression expression() {
        Expression condition = binary(1);
        if (!words.isNext("?")) {
            return condition;
        }
        Lexeme mark = words.take();
        int size = code.size();
        Expression yes = expression();
        words.expect(":");
        Expression no = expression();
        if (code.size() > size) {
            throw Words.refuse(mark, "an access to memory inside '?:' is not supported; use if");
        }
        return new Expression.Conditional(condition, yes, no);
    }

    private Expression binary(int precedence) {
        if (precedence == UNARY) {
            return unary();
        }
        Expression left = binary(precedence + 1);
        for (;;) {
            Operator operator = operator(words.peek().kind() == Lexeme.Kind.SYMBOL ? words.peek().text() : "");
            if (operator == null || operator.precedence() != precedence) {
                return left;
            }
            Lexeme at = words.take();
            left = operator == Operator.OR_ELSE || operator == Operator.AND_ALSO
                    ? shortened(at, operator, left, precedence)
                    : new Expression.Binary(operator, left, binary(precedence + 1));
        }
    }

    /** The right side of a logical operator is skipped if the left side decides; that matters if it accesses memory. */
    private Expression shortened(Lexeme at, Operator operator, Expression left, int precedence) {
        int register = code.temporary();
        int start = code.size();
        code.assign(at.at(), register, new Expression.Binary(Operator.UNEQUAL, left, ZERO));
        Expression decided = new Expression.Register(register);
        int jump = code.jumpUnless(at.at(), operator == Operator.AND_ALSO ? decided
                : new Expression.Binary(Operator.EQUAL, decided, ZERO));
        Expression right = binary(precedence + 1);
        if (code.size() == jump + 1) {
            code.remove(jump);
            code.remove(start);
            return new Expression.Binary(operator, left, right);
        }
        code.assign(at.at(), register, new Expression.Binary(Operator.UNEQUAL, right, ZERO));
        code.land(jump);
        return decided;
    }

    static Operator operator(String symbol) {
        for (Operator operator : Operator.values()) {
            if (operator.symbol().equals(symbol)) {
                return operator;
            }
        }
        return null;
    }

    Expression unary() {
        Lexeme first = words.peek();
        if (words.takeIf("-")) {
            return new Expression.Binary(Operator.MINUS, ZERO, unary());
        } else if (words.takeIf("+")) {
            return unary();
        } else if (words.takeIf("!")) {
            return new Expression.Binary(Operator.EQUAL, unary(), ZERO);
        } else if (words.takeIf("~")) {
            return new Expression.Binary(Operator.XOR, unary(), new Constant(-1));
        } else if (words.takeIf("*")) {
            return code.load(first.at(), unary(), AccessMode.PLAIN);
        } else if (words.isNext("&")) {
            words.take();
            return address();
        } else if (words.isNext("(") && isType(words.peek(1))) {
            words.take();
            takeType();
            stars();
            words.expect(")");
            return unary();
        }
        return primary();
    }

    private Expression primary() {
        Lexeme word = words.take();
        if (word.is("(")) {
            Expression inner = expression();
            words.expect(")");
            return inner;
        } else if (word.kind() == Lexeme.Kind.NUMBER) {
            return new Constant(Words.number(word));
        } else if (!word.isName()) {
            throw Words.refuse(word, "a value is expected here instead of " + word);
        } else if (words.isNext("(")) {
            return calls.call(this, word, null);
        } else if (words.isNext(".")) {
            words.take();
            return calls.call(this, words.expectName("a method"), word);
        } else if (words.isNext("[")) {
            return code.load(word.at(), element(word), AccessMode.PLAIN);
        }
        return named(word);
    }

    private Expression named(Lexeme word) {
        String name = word.text();
        if (code.isRegister(name)) {
            return new Expression.Register(code.register(name));
        } else if (parameters.contains(name) || names.isLocation(name)) {
            return new Constant(names.address(name));
        }
        return switch (name) {
            case "NULL", "false" -> ZERO;
            case "true" -> ONE;
            default -> throw Words.refuse(word, word + " is neither a register nor a location");
        };
    }

    /** The address of the element of an array. */
    Expression element(Lexeme array) {
        Expression base = named(array);
        words.expect("[");
        Expression index = expression();
        words.expect("]");
        return new Expression.Binary(Operator.PLUS, base, index);
    }

    private Expression address() {
        Lexeme name = words.expectName("the name of a location");
        if (code.isRegister(name.text())) {
            throw Words.refuse(name, "a register has no address");
        }
        return words.isNext("[") ? element(name) : named(name);
    }

    /** {@return the address of what is named or pointed to, as READ_ONCE takes it} */
    Expression place() {
        if (words.takeIf("*")) {
            return unary();
        } else if (words.takeIf("(")) {
            Expression place = place();
            words.expect(")");
            return place;
        }
        Lexeme name = words.expectName("a location");
        if (words.isNext("[")) {
            return element(name);
        } else if (code.isRegister(name.text())) {
            throw Words.refuse(name, name + " is a register; write *" + name.text()
                    + " for the location that it is the address of");
        }
        return named(name);
    }

    /** {@return the register whose address an argument is; -1 if it is something else, which is not read then} */
    int addressOfRegister() {
        if (words.isNext("&") && words.peek(1).isName() && code.isRegister(words.peek(1).text())) {
            words.take();
            return code.register(words.take().text());
        }
        return -1;
    }

    boolean isPointer(Lexeme word) {
        return word.is("&") || word.isName() && !code.isRegister(word.text())
                && (parameters.contains(word.text()) || names.isLocation(word.text()));
    }

    static LitmusException unknown(Lexeme call, LitmusTest.Dialect dialect) {
        return Words.refuse(call, call + " is not supported in " + switch (dialect) {
            case KERNEL -> "the kernel's C";
            case C11 -> "C11";
            case JAVA -> "Java";
        });
    }
}
