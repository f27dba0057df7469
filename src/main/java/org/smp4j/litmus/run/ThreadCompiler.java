package org.smp4j.litmus.run;

import static java.lang.constant.ConstantDescs.CD_VarHandle;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DynamicConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.litmus.program.Condition;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.ThreadCode;

/**
 * Emits the method of one thread: a loop over the instances of a {@link Batch}, in which the test's accesses are those
 * of the VarHandle of an array of longs, with the same modes. Registers are local variables.
 */
final class ThreadCompiler {
    private static final ClassDesc BATCH = Batch.class.describeConstable().orElseThrow();
    private static final ClassDesc ARITHMETIC = Arithmetic.class.describeConstable().orElseThrow();
    private static final ClassDesc LONGS = CD_long.arrayType();
    private static final ClassDesc INTS = CD_int.arrayType();
    static final MethodTypeDesc TYPE = MethodTypeDesc.of(CD_void, BATCH);
    private static final DynamicConstantDesc<?> HANDLE = DynamicConstantDesc.ofNamed(
            ConstantDescs.ofConstantBootstrap(ClassDesc.of("java.lang.invoke.ConstantBootstraps"), "arrayVarHandle",
                    CD_VarHandle, ConstantDescs.CD_Class), "cells", CD_VarHandle, LONGS);

    private final LitmusTest test;
    private final int thread;
    private final ThreadCode source;
    private final List<Condition.Part> shown;
    private final int iterations;
    private final CodeBuilder code;

    private final int memory;
    private final int instance;
    private final int[] lines;
    private final int[] cells;
    private final int[] registers;
    private final Label[] labels;
    private final Label end;

    private ThreadCompiler(LitmusTest test, int thread, List<Condition.Part> shown, int iterations,
            CodeBuilder code) {
        this.test = test;
        this.thread = thread;
        this.shown = shown;
        this.iterations = iterations;
        this.code = code;
        source = test.threads().get(thread);
        memory = code.allocateLocal(TypeKind.REFERENCE);
        instance = code.allocateLocal(TypeKind.INT);
        lines = locals(test.locations().size(), TypeKind.REFERENCE);
        cells = locals(test.locations().size(), TypeKind.INT);
        registers = locals(source.registers().size(), TypeKind.LONG);
        labels = new Label[source.code().size() + 1];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = code.newLabel();
        }
        end = labels[source.code().size()];
    }

    /**
     * Emits the method.
     *
     * @param test the test
     * @param thread the thread's number
     * @param shown the registers of all threads whose values are kept, in the order of their values
     * @param iterations the number of iterations of a loop, at most
     * @param code where it goes
     */
    static void emit(LitmusTest test, int thread, List<Condition.Part> shown, int iterations, CodeBuilder code) {
        new ThreadCompiler(test, thread, shown, iterations, code).emit();
    }

    private int[] locals(int count, TypeKind kind) {
        int[] slots = new int[count];
        for (int i = 0; i < count; i++) {
            slots[i] = code.allocateLocal(kind);
        }
        return slots;
    }

    private void emit() {
        code.aload(0).getfield(BATCH, "memory", LONGS).astore(memory);
        for (int i = 0; i < lines.length; i++) {
            code.aload(0).getfield(BATCH, "cells", INTS.arrayType()).loadConstant(i).aaload().astore(lines[i]);
        }
        Label loop = code.newLabel();
        Label done = code.newLabel();
        code.iconst_0().istore(instance);
        code.labelBinding(loop).iload(instance).aload(0).getfield(BATCH, "size", CD_int).if_icmpge(done);
        for (int i = 0; i < cells.length; i++) {
            code.aload(lines[i]).iload(instance).iaload().istore(cells[i]);
        }
        for (int i = 0; i < registers.length; i++) {
            code.loadConstant(source.initial()[i]).lstore(registers[i]);
        }
        batch("await", CD_void);
        for (int i = 0; i < source.code().size(); i++) {
            code.labelBinding(labels[i]);
            emit(source.code().get(i));
        }
        code.labelBinding(end);
        keep();
        code.iinc(instance, 1).goto_(loop).labelBinding(done).return_();
    }

    private void keep() {
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).thread() == thread) {
                code.aload(0).getfield(BATCH, "results", LONGS).iload(instance).loadConstant(shown.size()).imul()
                        .loadConstant(i).iadd().lload(registers[shown.get(i).index()]).lastore();
            }
        }
    }

    private void batch(String method, ClassDesc result) {
        code.aload(0).loadConstant(thread).iload(instance)
                .invokevirtual(BATCH, method, MethodTypeDesc.of(result, CD_int, CD_int));
    }

    private void skip() {
        batch("skip", CD_void);
        code.goto_(end);
    }

    private void emit(Instruction instruction) {
        switch (instruction) {
            case Instruction.Assign assign -> {
                value(assign.value());
                code.lstore(registers[assign.register()]);
            }
            case Instruction.JumpUnless jump -> {
                if (jump.condition() == null) {
                    code.goto_(labels[jump.target()]);
                } else {
                    value(jump.condition());
                    code.lconst_0().lcmp().ifeq(labels[jump.target()]);
                }
            }
            case Instruction.Iterate iterate -> {
                int counter = registers[iterate.counter()];
                code.lload(counter).lconst_1().ladd().dup2().lstore(counter).loadConstant(iterations + 1L).lcmp();
                skipIf(false);
            }
            case Instruction.Assume assume -> {
                value(assume.condition());
                code.lconst_0().lcmp();
                skipIf(true);
            }
            case Instruction.Fork _ -> { } // the way with the fence: more than the test asks for if the update fails
            case Instruction.Barrier barrier -> code.invokestatic(CD_VarHandle, switch (barrier.fence()) {
                case LOAD_LOAD -> "loadLoadFence";
                case STORE_STORE -> "storeStoreFence";
                case ACQUIRE -> "acquireFence";
                case RELEASE -> "releaseFence";
                case FULL -> "fullFence";
            }, MethodTypeDesc.of(CD_void));
            case Instruction.Load load -> {
                get(load.address(), load.mode());
                code.lstore(registers[load.register()]);
            }
            case Instruction.Store store -> set(store.address(), store.value(), store.mode());
            case Instruction.Lock lock -> {
                code.aload(0);
                cell(lock.address());
                code.invokevirtual(BATCH, "lock", MethodTypeDesc.of(CD_boolean, CD_int));
                skipIf(true);
            }
            case Instruction.Unlock unlock -> set(unlock.address(), new Expression.Constant(0), AccessMode.RELEASE);
            case Instruction.Update update -> update(update);
        }
    }

    /** Skips the instance if the int on the stack is zero, or if it is positive. */
    private void skipIf(boolean zero) {
        Label goOn = code.newLabel();
        if (zero) {
            code.ifne(goOn);
        } else {
            code.ifle(goOn);
        }
        skip();
        code.labelBinding(goOn);
    }

    private void value(Expression expression) {
        switch (expression) {
            case Expression.Constant constant -> code.loadConstant(constant.number());
            case Expression.Register register -> code.lload(registers[register.index()]);
            case Expression.Binary binary -> {
                value(binary.left());
                value(binary.right());
                apply(binary.operator());
            }
            case Expression.Conditional conditional -> {
                Label no = code.newLabel();
                Label after = code.newLabel();
                value(conditional.condition());
                code.lconst_0().lcmp().ifeq(no);
                value(conditional.yes());
                code.goto_(after).labelBinding(no);
                value(conditional.no());
                code.labelBinding(after);
            }
        }
    }

    private void apply(Operator operator) {
        switch (operator) {
            case PLUS -> code.ladd();
            case MINUS -> code.lsub();
            case TIMES -> code.lmul();
            case OR -> code.lor();
            case AND -> code.land();
            case XOR -> code.lxor();
            default -> code.invokestatic(ARITHMETIC, Arithmetic.method(operator),
                    MethodTypeDesc.of(CD_long, CD_long, CD_long));
        }
    }

    private void cell(Expression address) {
        if (address instanceof Expression.Constant constant && test.location(constant.number()) >= 0) {
            code.iload(cells[test.location(constant.number())]);
        } else {
            code.aload(0);
            value(address);
            code.iload(instance).invokevirtual(BATCH, "cell", MethodTypeDesc.of(CD_int, CD_long, CD_int));
        }
    }

    private void place(Expression address) {
        code.loadConstant(HANDLE).aload(memory);
        cell(address);
    }

    private void handle(String method, ClassDesc result, int values) {
        MethodTypeDesc type = MethodTypeDesc.of(result, LONGS, CD_int);
        for (int i = 0; i < values; i++) {
            type = type.insertParameterTypes(type.parameterCount(), CD_long);
        }
        code.invokevirtual(CD_VarHandle, method, type);
    }

    private void get(Expression address, AccessMode mode) {
        if (mode == AccessMode.PLAIN) {
            code.aload(memory);
            cell(address);
            code.laload();
            return;
        }
        place(address);
        handle(mode == AccessMode.VOLATILE ? "getVolatile" : mode.acquires() ? "getAcquire" : "getOpaque", CD_long, 0);
    }

    private void set(Expression address, Expression value, AccessMode mode) {
        if (mode == AccessMode.PLAIN) {
            code.aload(memory);
            cell(address);
            value(value);
            code.lastore();
            return;
        }
        place(address);
        value(value);
        handle(mode == AccessMode.VOLATILE ? "setVolatile" : mode.releases() ? "setRelease" : "setOpaque", CD_void, 1);
    }

    private static String suffix(AccessMode mode) {
        return mode == AccessMode.ACQUIRE ? "Acquire" : mode == AccessMode.RELEASE ? "Release" : "";
    }

    private void update(Instruction.Update update) {
        int read = registers[update.read()];
        int done = registers[update.done()];
        boolean isWeak = update.mode() == AccessMode.PLAIN || update.mode() == AccessMode.OPAQUE;
        String fetch = update.operator() == null ? "getAndSet" : switch (update.operator()) {
            case PLUS, MINUS -> "getAndAdd";
            case OR -> "getAndBitwiseOr";
            case AND -> "getAndBitwiseAnd";
            case XOR -> "getAndBitwiseXor";
            default -> null;
        };
        if (isWeak || update.inverted() || (update.expected() == null ? fetch == null : update.operator() != null)) {
            loop(update, read, done);
            return;
        }
        place(update.address());
        if (update.expected() == null) {
            value(update.operand());
            if (update.operator() == Operator.MINUS) {
                code.lneg();
            }
            handle(fetch + suffix(update.mode()), CD_long, 1);
            code.lstore(read).lconst_1().lstore(done);
            return;
        }
        value(update.expected());
        value(update.operand());
        handle("compareAndExchange" + suffix(update.mode()), CD_long, 2);
        code.dup2().lstore(read);
        value(update.expected());
        code.invokestatic(ARITHMETIC, "equal", MethodTypeDesc.of(CD_long, CD_long, CD_long)).lstore(done);
    }

    /** An update that VarHandle has no method for: reads, and writes by compare-and-set, until nothing came between. */
    private void loop(Instruction.Update update, int read, int done) {
        Label retry = code.newLabel();
        Label after = code.newLabel();
        code.labelBinding(retry);
        get(update.address(), update.failure() == AccessMode.PLAIN ? AccessMode.OPAQUE : update.failure());
        code.lstore(read).lconst_0().lstore(done);
        if (update.expected() != null) {
            value(update.expected());
            code.lload(read).lcmp();
            if (update.inverted()) {
                code.ifeq(after);
            } else {
                code.ifne(after);
            }
        }
        place(update.address());
        code.lload(read);
        if (update.operator() == null) {
            value(update.operand());
        } else {
            code.lload(read);
            value(update.operand());
            apply(update.operator());
        }
        boolean isPlain = update.mode() == AccessMode.PLAIN || update.mode() == AccessMode.OPAQUE;
        handle("weakCompareAndSet" + (isPlain ? "Plain" : suffix(update.mode())), CD_boolean, 2);
        code.ifeq(retry).lconst_1().lstore(done).labelBinding(after);
    }
}
