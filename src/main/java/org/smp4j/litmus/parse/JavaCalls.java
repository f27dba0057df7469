package org.smp4j.litmus.parse;

import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Constant;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.LitmusTest;

/** The methods of {@link java.lang.invoke.VarHandle}. */
final class JavaCalls implements Calls {
    private static final Pattern GET = Pattern.compile("get(Opaque|Acquire|Volatile)?");
    private static final Pattern SET = Pattern.compile("set(Opaque|Release|Volatile)?");
    private static final Pattern UPDATE =
            Pattern.compile("getAnd(Set|Add|BitwiseOr|BitwiseAnd|BitwiseXor)(Acquire|Release)?");
    private static final Pattern COMPARE = Pattern.compile(
            "(compareAndSet|compareAndExchange|weakCompareAndSet)(Plain|Acquire|Release)?");
    private static final Map<String, Fence> FENCES = Map.of("fullFence", Fence.FULL, "acquireFence", Fence.ACQUIRE,
            "releaseFence", Fence.RELEASE, "loadLoadFence", Fence.LOAD_LOAD, "storeStoreFence", Fence.STORE_STORE);

    private final Map<String, String> handles;

    /**
     * The calls of a thread.
     *
     * @param handles the locations of its handles, by the handle's name
     */
    JavaCalls(Map<String, String> handles) {
        this.handles = handles;
    }

    @Override
    public Expression call(ExpressionParser parser, Lexeme name, Lexeme receiver) {
        Words words = parser.words();
        words.expect("(");
        Fence fence = FENCES.get(name.text());
        Expression result = ExpressionParser.ZERO;
        if (fence != null && (receiver == null || receiver.is("VarHandle"))) {
            parser.code().fence(name.at(), fence);
        } else if (receiver == null) {
            throw ExpressionParser.unknown(name, LitmusTest.Dialect.JAVA);
        } else if (!receiver.is("Thread") || !name.is("onSpinWait")) {
            String location = handles.get(receiver.text());
            if (location == null) {
                throw Words.refuse(receiver, receiver + " is no handle of this thread; the first part of the test "
                        + "says which location it is for, as in 0:X=x");
            }
            result = access(parser, name, new Constant(parser.names().address(location)));
        }
        words.expect(")");
        return result;
    }

    private static AccessMode mode(String suffix, AccessMode without) {
        return suffix == null ? without : AccessMode.valueOf(suffix.toUpperCase(Locale.ROOT));
    }

    private static Expression access(ExpressionParser parser, Lexeme name, Expression address) {
        CodeBuilder code = parser.code();
        Matcher get = GET.matcher(name.text());
        if (get.matches()) {
            return code.load(name.at(), address, mode(get.group(1), AccessMode.PLAIN));
        }
        Matcher set = SET.matcher(name.text());
        if (set.matches()) {
            code.store(name.at(), address, parser.expression(), mode(set.group(1), AccessMode.PLAIN));
            return ExpressionParser.ZERO;
        }
        Matcher update = UPDATE.matcher(name.text());
        if (update.matches()) {
            Operator operator = switch (update.group(1)) {
                case "Set" -> null;
                case "Add" -> Operator.PLUS;
                case "BitwiseOr" -> Operator.OR;
                case "BitwiseAnd" -> Operator.AND;
                default -> Operator.XOR;
            };
            return code.update(name.at(), address, operator, parser.expression(),
                    mode(update.group(2), AccessMode.VOLATILE)).read();
        }
        Matcher compare = COMPARE.matcher(name.text());
        if (!compare.matches() || compare.group(1).equals("compareAndSet") && compare.group(2) != null) {
            throw ExpressionParser.unknown(name, LitmusTest.Dialect.JAVA);
        }
        return compare(parser, name, address, compare.group(1), mode(compare.group(2), AccessMode.VOLATILE));
    }

    private static Expression compare(ExpressionParser parser, Lexeme name, Expression address, String what,
            AccessMode mode) {
        Expression expected = parser.expression();
        parser.words().expect(",");
        AccessMode failure = mode == AccessMode.RELEASE ? AccessMode.OPAQUE : mode;
        CodeBuilder.Updated updated = parser.code().update(name.at(), address, new CodeBuilder.Test(null,
                parser.expression(), expected, false, mode, failure, what.startsWith("weak")));
        return what.equals("compareAndExchange") ? updated.read() : updated.done();
    }
}
