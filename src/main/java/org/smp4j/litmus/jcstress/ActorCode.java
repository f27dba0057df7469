package org.smp4j.litmus.jcstress;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusException;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.ThreadCode;

/**
 * The statements of one thread, in Java. A jump, which goes forward always, leaves a labelled block that ends at its
 * target.
 */
final class ActorCode {
    private final LitmusTest test;
    private final ThreadCode thread;
    private final List<String> fields;
    private final List<String> handles;
    private final String[] registers;
    private final StringBuilder text = new StringBuilder();
    private int depth = 2;

    ActorCode(LitmusTest test, int number, List<String> fields, List<String> handles) {
        this.test = test;
        this.fields = fields;
        this.handles = handles;
        thread = test.threads().get(number);
        JavaNames names = new JavaNames(Set.of("result"));
        registers = new String[thread.registers().size()];
        for (int i = 0; i < registers.length; i++) {
            registers[i] = thread.registers().get(i) == null ? null : names.take(thread.registers().get(i));
        }
        for (int i = 0; i < registers.length; i++) {
            registers[i] = registers[i] == null ? names.take("t" + i) : registers[i];
        }
    }

    /** {@return the name of a register} */
    String register(int index) {
        return registers[index];
    }

    /** {@return the statements, which leave all registers set} */
    String statements() {
        TreeMap<Integer, Integer> blocks = blocks();
        for (int i = 0; i < registers.length; i++) {
            line("long " + registers[i] + " = " + number(thread.initial()[i]) + ";");
        }
        int skipTo = -1;
        for (int i = 0; i <= thread.code().size(); i++) {
            if (blocks.containsKey(i)) {
                depth--;
                line("}");
            }
            for (int target : blocks.descendingKeySet()) {
                if (blocks.get(target) == i) {
                    line("l" + target + ": {");
                    depth++;
                }
            }
            if (i < thread.code().size() && i >= skipTo) {
                skipTo = isEndOfFork(i) ? i + 2 : skipTo;
                if (!isEndOfFork(i)) {
                    emit(i);
                }
            }
        }
        return text.toString();
    }

    /** {@return by the targets of jumps, where their blocks begin, so that an outer block contains the inner ones} */
    private TreeMap<Integer, Integer> blocks() {
        TreeMap<Integer, Integer> blocks = new TreeMap<>();
        for (int i = 0; i < thread.code().size(); i++) {
            if (thread.code().get(i) instanceof Instruction.JumpUnless jump && !isEndOfFork(i)) {
                if (jump.target() <= i) {
                    throw new LitmusException(jump.at(), "a loop can't be written as a test for jcstress");
                }
                blocks.merge(jump.target(), i, Math::min);
            }
        }
        for (int target : blocks.keySet()) {
            for (int inner : blocks.headMap(target).keySet()) {
                if (inner > blocks.get(target)) {
                    blocks.merge(target, blocks.get(inner), Math::min);
                }
            }
        }
        return blocks;
    }

    /** {@return whether here the way of a failed update, which has no fences, begins; one way is enough in Java} */
    private boolean isEndOfFork(int index) {
        return thread.code().stream()
                .anyMatch(other -> other instanceof Instruction.Fork fork && fork.target() == index + 1);
    }

    private void line(String line) {
        text.append("    ".repeat(depth)).append(line).append('\n');
    }

    private void emit(int index) {
        Instruction instruction = thread.code().get(index);
        switch (instruction) {
            case Instruction.Assign assign -> line(registers[assign.register()] + " = " + value(assign.value()) + ";");
            case Instruction.JumpUnless jump -> line(jump.condition() == null ? "if (true) break l" + jump.target()
                    + ";" : "if (!" + truth(jump.condition()) + ") break l" + jump.target() + ";");
            case Instruction.Iterate iterate ->
                throw new LitmusException(iterate.at(), "a loop can't be written as a test for jcstress");
            case Instruction.Assume assume ->
                throw new LitmusException(assume.at(), "an assumption can't be written as a test for jcstress");
            case Instruction.Fork _ -> { }
            case Instruction.Barrier barrier -> {
                // The fence after an update with fences belongs to the success only.
                boolean conditional = index > 0 && thread.code().get(index - 1) instanceof Instruction.Update update
                        && update.must() == Instruction.Must.WRITE;
                String only = conditional ? "if (" + registers[((Instruction.Update) thread.code().get(index - 1))
                        .done()] + " != 0) " : "";
                line(only + "VarHandle." + switch (barrier.fence()) {
                    case LOAD_LOAD -> "loadLoadFence";
                    case STORE_STORE -> "storeStoreFence";
                    case ACQUIRE -> "acquireFence";
                    case RELEASE -> "releaseFence";
                    case FULL -> "fullFence";
                } + "();");
            }
            case Instruction.Load load -> line(registers[load.register()] + " = " + get(load.address(), load.mode())
                    + ";");
            case Instruction.Store store -> store(store);
            case Instruction.Lock lock -> line("while (!" + handle(lock.address())
                    + ".weakCompareAndSetAcquire(this, 0L, 1L)) Thread.onSpinWait();");
            case Instruction.Unlock unlock -> line(handle(unlock.address()) + ".setRelease(this, 0L);");
            case Instruction.Update update -> update(update);
        }
    }

    private void store(Instruction.Store store) {
        if (store.mode() == AccessMode.PLAIN && field(store.address()) != null) {
            line(field(store.address()) + " = " + value(store.value()) + ";");
            return;
        }
        String method = switch (store.mode()) {
            case PLAIN -> "set";
            case VOLATILE -> "setVolatile";
            default -> store.mode().releases() ? "setRelease" : "setOpaque";
        };
        line(handle(store.address()) + "." + method + "(this, " + value(store.value()) + ");");
    }

    private String get(Expression address, AccessMode mode) {
        if (mode == AccessMode.PLAIN && field(address) != null) {
            return field(address);
        }
        String method = switch (mode) {
            case PLAIN -> "get";
            case VOLATILE -> "getVolatile";
            default -> mode.acquires() ? "getAcquire" : "getOpaque";
        };
        return "(long) " + handle(address) + "." + method + "(this)";
    }

    private String field(Expression address) {
        return address instanceof Expression.Constant constant && test.location(constant.number()) >= 0
                ? "this." + fields.get(test.location(constant.number())) : null;
    }

    private String handle(Expression address) {
        return address instanceof Expression.Constant constant && test.location(constant.number()) >= 0
                ? handles.get(test.location(constant.number())) : "at(" + value(address) + ")";
    }

    private static String suffix(AccessMode mode) {
        return mode == AccessMode.ACQUIRE ? "Acquire" : mode == AccessMode.RELEASE ? "Release" : "";
    }

    private void update(Instruction.Update update) {
        String read = registers[update.read()];
        String done = registers[update.done()];
        String handle = handle(update.address());
        boolean isPlain = update.mode() == AccessMode.PLAIN || update.mode() == AccessMode.OPAQUE;
        String fetch = update.operator() == null ? "getAndSet" : switch (update.operator()) {
            case PLUS, MINUS -> "getAndAdd";
            case OR -> "getAndBitwiseOr";
            case AND -> "getAndBitwiseAnd";
            case XOR -> "getAndBitwiseXor";
            default -> null;
        };
        if (!isPlain && update.expected() == null && fetch != null) {
            String operand = value(update.operand());
            line(read + " = (long) " + handle + "." + fetch + suffix(update.mode()) + "(this, "
                    + (update.operator() == Operator.MINUS ? "-" + operand : operand) + ");");
            line(done + " = 1L;");
        } else if (!isPlain && update.expected() != null && !update.inverted() && update.operator() == null) {
            line(read + " = (long) " + handle + ".compareAndExchange" + suffix(update.mode()) + "(this, "
                    + value(update.expected()) + ", " + value(update.operand()) + ");");
            line(done + " = " + read + " == " + value(update.expected()) + " ? 1L : 0L;");
        } else {
            AccessMode failure = update.failure() == AccessMode.PLAIN ? AccessMode.OPAQUE : update.failure();
            Expression before = new Expression.Register(update.read());
            Expression written = update.operator() == null ? update.operand()
                    : new Expression.Binary(update.operator(), before, update.operand());
            line("do {");
            line("    " + read + " = " + get(update.address(), failure) + ";");
            if (update.expected() != null) {
                line("    " + done + " = " + read + (update.inverted() ? " != " : " == ") + value(update.expected())
                        + " ? 1L : 0L;");
                line("    if (" + done + " == 0L) break;");
            } else {
                line("    " + done + " = 1L;");
            }
            line("} while (!" + handle + ".weakCompareAndSet" + (isPlain ? "Plain" : suffix(update.mode())) + "(this, "
                    + read + ", " + value(written) + "));");
        }
    }

    private static String number(long number) {
        return number + "L";
    }

    private String value(Expression expression) {
        return switch (expression) {
            case Expression.Constant constant -> number(constant.number());
            case Expression.Register register -> registers[register.index()];
            case Expression.Conditional conditional -> "(" + truth(conditional.condition()) + " ? "
                    + value(conditional.yes()) + " : " + value(conditional.no()) + ")";
            case Expression.Binary binary when isTruth(binary.operator()) -> "(" + truth(binary) + " ? 1L : 0L)";
            case Expression.Binary binary -> {
                String symbol = binary.operator().symbol();
                String right = value(binary.right());
                String plain = "(" + value(binary.left()) + " " + symbol + " " + right + ")";
                yield symbol.equals("/") || symbol.equals("%") ? "(" + right + " == 0L ? 0L : " + plain + ")" : plain;
            }
        };
    }

    private static boolean isTruth(Operator operator) {
        return operator.precedence() <= 2 || operator.precedence() == 6 || operator.precedence() == 7;
    }

    private String truth(Expression expression) {
        if (expression instanceof Expression.Binary binary && isTruth(binary.operator())) {
            boolean joins = binary.operator().precedence() <= 2;
            return "(" + (joins ? truth(binary.left()) : value(binary.left())) + " " + binary.operator().symbol() + " "
                    + (joins ? truth(binary.right()) : value(binary.right())) + ")";
        }
        return "(" + value(expression) + " != 0L)";
    }

    /** {@return whether a thread accesses a location by an address that it computes} */
    static boolean computesAddresses(LitmusTest test) {
        List<Expression> addresses = new ArrayList<>();
        test.threads().forEach(thread -> thread.code().forEach(instruction -> addresses.add(switch (instruction) {
            case Instruction.Load load -> load.address();
            case Instruction.Store store -> store.address();
            case Instruction.Lock lock -> lock.address();
            case Instruction.Unlock unlock -> unlock.address();
            case Instruction.Update update -> update.address();
            default -> null;
        })));
        addresses.removeAll(Collections.singleton(null));
        return !addresses.stream().allMatch(address -> address instanceof Expression.Constant constant
                && test.location(constant.number()) >= 0);
    }
}
