package org.smp4j.litmus.parse;

import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.Position;

/** The atomic functions of C11; relaxed is opaque, sequentially consistent is volatile, the others bear their names. */
final class C11Calls implements Calls {
    private static final Pattern CALL = Pattern.compile("atomic_(load|store|exchange|thread_fence|fetch_"
            + "(?:add|sub|and|or|xor)|compare_exchange_(?:strong|weak))(_explicit)?");
    /** The orders; the short names are the macros of many collections of tests. */
    private static final Map<String, AccessMode> MODES = Map.of("memory_order_relaxed", AccessMode.OPAQUE,
            "memory_order_acquire", AccessMode.ACQUIRE, "memory_order_release", AccessMode.RELEASE,
            "memory_order_acq_rel", AccessMode.ACQUIRE_RELEASE, "memory_order_seq_cst", AccessMode.VOLATILE,
            "mo_rlx", AccessMode.OPAQUE, "mo_acq", AccessMode.ACQUIRE, "mo_rel", AccessMode.RELEASE,
            "mo_acq_rel", AccessMode.ACQUIRE_RELEASE, "mo_sc", AccessMode.VOLATILE);
    private static final Set<String> ASSUME = Set.of("__VERIFIER_assume", "assume");

    /** {@return whether only C11 has a word} */
    static boolean isOwn(Lexeme word) {
        return word.isName() && (MODES.containsKey(word.text()) || ASSUME.contains(word.text())
                || word.text().matches("atomic_(load|store|exchange|thread_fence|compare_exchange|int|bool).*"));
    }

    @Override
    public Expression call(ExpressionParser parser, Lexeme name, Lexeme receiver) {
        Words words = parser.words();
        CodeBuilder code = parser.code();
        Matcher call = CALL.matcher(name.text());
        boolean isAssume = ASSUME.contains(name.text());
        if (receiver != null || !isAssume && !call.matches()) {
            throw ExpressionParser.unknown(name, LitmusTest.Dialect.C11);
        }
        words.expect("(");
        Expression result = ExpressionParser.ZERO;
        if (isAssume) {
            code.add(new Instruction.Assume(name.at(), parser.expression()));
        } else if (call.group(1).equals("thread_fence")) {
            fence(code, name.at(), order(words));
        } else {
            result = access(parser, name, call.group(1), call.group(2) != null);
        }
        words.expect(")");
        return result;
    }

    private static AccessMode order(Words words) {
        Lexeme order = words.expectName("a memory order");
        AccessMode mode = MODES.get(order.text());
        if (mode == null) {
            throw Words.refuse(order, order + " is not a memory order that is supported");
        }
        return mode;
    }

    private static void fence(CodeBuilder code, Position at, AccessMode mode) {
        if (mode == AccessMode.VOLATILE) {
            code.fence(at, Fence.FULL);
            return;
        }
        if (mode.releases()) {
            code.fence(at, Fence.RELEASE);
        }
        if (mode.acquires()) {
            code.fence(at, Fence.ACQUIRE);
        }
    }

    private static Expression access(ExpressionParser parser, Lexeme name, String what, boolean explicit) {
        Words words = parser.words();
        CodeBuilder code = parser.code();
        Expression address = parser.expression();
        if (what.equals("load")) {
            return code.load(name.at(), address, mode(words, explicit));
        }
        words.expect(",");
        if (what.startsWith("compare")) {
            return compare(parser, name, address, what.endsWith("weak"), explicit);
        }
        Expression operand = parser.expression();
        AccessMode mode = mode(words, explicit);
        if (what.equals("store")) {
            code.store(name.at(), address, operand, mode);
            return ExpressionParser.ZERO;
        }
        Operator operator = switch (what) {
            case "exchange" -> null;
            case "fetch_add" -> Operator.PLUS;
            case "fetch_sub" -> Operator.MINUS;
            case "fetch_and" -> Operator.AND;
            case "fetch_or" -> Operator.OR;
            default -> Operator.XOR;
        };
        return code.update(name.at(), address, operator, operand, mode).read();
    }

    private static AccessMode mode(Words words, boolean explicit) {
        if (!explicit) {
            return AccessMode.VOLATILE;
        }
        words.expect(",");
        return order(words);
    }

    /** The expected value is a register's or a location's, which gets the value that was read instead. */
    private static Expression compare(ExpressionParser parser, Lexeme name, Expression address, boolean weak,
            boolean explicit) {
        Words words = parser.words();
        CodeBuilder code = parser.code();
        int register = parser.addressOfRegister();
        Expression place = register < 0 ? parser.expression() : null;
        Expression expected = register < 0 ? code.load(name.at(), place, AccessMode.PLAIN)
                : new Expression.Register(register);
        words.expect(",");
        Expression operand = parser.expression();
        AccessMode mode = mode(words, explicit);
        AccessMode failure = mode(words, explicit);
        CodeBuilder.Updated updated = code.update(name.at(), address,
                new CodeBuilder.Test(null, operand, expected, false, mode, failure, weak));
        int jump = code.jumpUnless(name.at(),
                new Expression.Binary(Operator.EQUAL, updated.done(), ExpressionParser.ZERO));
        if (register < 0) {
            code.store(name.at(), place, updated.read(), AccessMode.PLAIN);
        } else {
            code.assign(name.at(), register, updated.read());
        }
        code.land(jump);
        return updated.done();
    }
}
