package org.smp4j.litmus.parse;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Binary;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.Position;

/**
 * The functions of the Linux kernel's memory model, by what comes nearest to them in Java: READ_ONCE is an opaque read,
 * smp_mb a full fence; an atomic operation that returns a value stands between two full fences, unless it is relaxed,
 * acquire or release.
 */
final class KernelCalls implements Calls {
    private static final Pattern ATOMIC = Pattern.compile("atomic_(?:long_)?(fetch_)?(add|sub|inc|dec|and|or|xor)"
            + "(_return|_and_test|_negative|_unless|_not_zero)?(_relaxed|_acquire|_release)?");
    private static final Pattern EXCHANGE =
            Pattern.compile("(?:atomic_(?:long_)?)?(xchg|cmpxchg)(_relaxed|_acquire|_release)?");
    private static final Map<String, Fence> FENCES = Map.of("smp_mb", Fence.FULL, "smp_rmb", Fence.LOAD_LOAD, "smp_wmb",
            Fence.STORE_STORE, "smp_mb__before_atomic", Fence.FULL, "smp_mb__after_atomic", Fence.FULL,
            "smp_mb__after_spinlock", Fence.FULL, "smp_mb__after_unlock_lock", Fence.FULL);

    @Override
    public Expression call(ExpressionParser parser, Lexeme name, Lexeme receiver) {
        if (receiver != null) {
            throw ExpressionParser.unknown(name, LitmusTest.Dialect.KERNEL);
        }
        Words words = parser.words();
        Lexeme open = words.expect("(");
        Expression result = called(parser, name);
        if (!words.isNext(")")) {
            throw Words.refuse(open, name + " takes other arguments");
        }
        words.take();
        return result;
    }

    private static Expression called(ExpressionParser parser, Lexeme name) {
        CodeBuilder code = parser.code();
        Position at = name.at();
        Fence fence = FENCES.get(name.text());
        if (fence != null) {
            code.fence(at, fence);
            return ExpressionParser.ZERO;
        }
        switch (name.text()) {
            case "READ_ONCE":
                return code.load(at, parser.place(), AccessMode.OPAQUE);
            case "rcu_dereference":
                return code.load(at, parser.place(), AccessMode.ACQUIRE);
            case "atomic_read":
                return code.load(at, parser.expression(), AccessMode.OPAQUE);
            case "smp_load_acquire", "atomic_read_acquire":
                return code.load(at, parser.expression(), AccessMode.ACQUIRE);
            case "WRITE_ONCE":
                return store(parser, at, parser.place(), AccessMode.OPAQUE);
            case "rcu_assign_pointer":
                return store(parser, at, parser.place(), AccessMode.RELEASE);
            case "atomic_set":
                return store(parser, at, parser.expression(), AccessMode.OPAQUE);
            case "smp_store_release", "atomic_set_release":
                return store(parser, at, parser.expression(), AccessMode.RELEASE);
            case "smp_store_mb":
                store(parser, at, parser.place(), AccessMode.OPAQUE);
                code.fence(at, Fence.FULL);
                return ExpressionParser.ZERO;
            case "barrier", "cpu_relax":
                return ExpressionParser.ZERO;
            case "spin_lock":
                code.add(new Instruction.Lock(at, parser.expression()));
                return ExpressionParser.ZERO;
            case "spin_unlock":
                code.add(new Instruction.Unlock(at, parser.expression()));
                return ExpressionParser.ZERO;
            case "spin_is_locked":
                return code.load(at, parser.expression(), AccessMode.OPAQUE);
            case "spin_trylock":
                return code.update(at, parser.expression(), new CodeBuilder.Test(null, ExpressionParser.ONE,
                        ExpressionParser.ZERO, false, AccessMode.ACQUIRE, AccessMode.OPAQUE, false)).done();
            default:
                return update(parser, name);
        }
    }

    private static Expression store(ExpressionParser parser, Position at, Expression place, AccessMode mode) {
        parser.words().expect(",");
        parser.code().store(at, place, parser.expression(), mode);
        return ExpressionParser.ZERO;
    }

    private static Expression update(ExpressionParser parser, Lexeme name) {
        Matcher exchange = EXCHANGE.matcher(name.text());
        if (exchange.matches()) {
            return exchange(parser, name, exchange.group(1).equals("cmpxchg"), exchange.group(2));
        }
        Matcher atomic = ATOMIC.matcher(name.text());
        if (!atomic.matches()) {
            throw ExpressionParser.unknown(name, LitmusTest.Dialect.KERNEL);
        }
        return atomic(parser, name, atomic);
    }

    private static AccessMode mode(String suffix) {
        return suffix == null ? AccessMode.VOLATILE : switch (suffix) {
            case "_acquire" -> AccessMode.ACQUIRE;
            case "_release" -> AccessMode.RELEASE;
            default -> AccessMode.OPAQUE;
        };
    }

    private static Expression exchange(ExpressionParser parser, Lexeme name, boolean compares, String suffix) {
        Expression address = parser.expression();
        parser.words().expect(",");
        Expression first = parser.expression();
        if (!compares) {
            return always(parser, name, address, null, first, suffix).read();
        }
        parser.words().expect(",");
        CodeBuilder.Test test = new CodeBuilder.Test(null, parser.expression(), first, false, mode(suffix),
                AccessMode.OPAQUE, false);
        return conditional(parser, name, address, test, suffix).read();
    }

    private static CodeBuilder.Updated always(ExpressionParser parser, Lexeme name, Expression address,
            Operator operator, Expression operand, String suffix) {
        CodeBuilder code = parser.code();
        if (suffix != null) {
            return code.update(name.at(), address, operator, operand, mode(suffix));
        }
        code.fence(name.at(), Fence.FULL);
        CodeBuilder.Updated updated = code.update(name.at(), address, operator, operand, AccessMode.VOLATILE);
        code.fence(name.at(), Fence.FULL);
        return updated;
    }

    private static CodeBuilder.Updated conditional(ExpressionParser parser, Lexeme name, Expression address,
            CodeBuilder.Test test, String suffix) {
        return suffix == null ? parser.code().fencedUpdate(name.at(), address, test)
                : parser.code().update(name.at(), address, test);
    }

    private static Expression atomic(ExpressionParser parser, Lexeme name, Matcher call) {
        boolean fetches = call.group(1) != null;
        String word = call.group(2);
        String result = call.group(3) == null ? "" : call.group(3);
        String suffix = call.group(4);
        boolean byOne = word.equals("inc") || word.equals("dec");
        Operator operator = switch (word) {
            case "add", "inc" -> Operator.PLUS;
            case "sub", "dec" -> Operator.MINUS;
            default -> ExpressionParser.operator(word.equals("and") ? "&" : word.equals("or") ? "|" : "^");
        };
        if (result.equals("_unless") || result.equals("_not_zero")) {
            return unless(parser, name, operator, byOne, suffix);
        }
        Expression operand = byOne ? ExpressionParser.ONE : parser.expression();
        if (!byOne) {
            parser.words().expect(",");
        }
        Expression address = parser.expression();
        boolean isVoid = !fetches && result.isEmpty();
        Expression read = always(parser, name, address, operator, operand, isVoid ? "_relaxed" : suffix).read();
        Expression written = new Binary(operator, read, operand);
        return switch (result) {
            case "_return" -> written;
            case "_and_test" -> new Binary(Operator.EQUAL, written, ExpressionParser.ZERO);
            case "_negative" -> new Binary(Operator.LESS, written, ExpressionParser.ZERO);
            default -> isVoid ? ExpressionParser.ZERO : read;
        };
    }

    /** atomic_add_unless(v, a, u), atomic_inc_not_zero(v). */
    private static Expression unless(ExpressionParser parser, Lexeme name, Operator operator, boolean byOne,
            String suffix) {
        Expression address = parser.expression();
        Expression operand = ExpressionParser.ONE;
        Expression limit = ExpressionParser.ZERO;
        if (!byOne) {
            parser.words().expect(",");
            operand = parser.expression();
            parser.words().expect(",");
            limit = parser.expression();
        }
        return conditional(parser, name, address, new CodeBuilder.Test(operator, operand, limit, true, mode(suffix),
                AccessMode.OPAQUE, false), suffix).done();
    }
}
