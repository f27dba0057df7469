package org.smp4j.litmus.parse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Expression.Operator;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.Instruction.Must;
import org.smp4j.litmus.program.Position;
import org.smp4j.litmus.program.ThreadCode;

/** The instructions of one thread, while they are made. */
final class CodeBuilder {
    private final String name;
    private final List<String> registers = new ArrayList<>();
    private final Map<String, Integer> byName = new LinkedHashMap<>();
    private final List<Long> initial = new ArrayList<>();
    private final List<Instruction> code = new ArrayList<>();
    private final List<String> texts = new ArrayList<>();

    CodeBuilder(String name) {
        this.name = name;
    }

    boolean isRegister(String register) {
        return byName.containsKey(register);
    }

    /** {@return the index of a register, which is added if it is new} */
    int register(String register) {
        return byName.computeIfAbsent(register, this::addRegister);
    }

    void initial(String register, long value) {
        initial.set(register(register), value);
    }

    /** {@return a register without a name} */
    int temporary() {
        return addRegister(null);
    }

    private int addRegister(String register) {
        registers.add(register);
        initial.add(0L);
        return registers.size() - 1;
    }

    int size() {
        return code.size();
    }

    void add(Instruction instruction) {
        code.add(instruction);
        texts.add("");
    }

    void replace(int index, Instruction instruction) {
        code.set(index, instruction);
    }

    void remove(int index) {
        code.remove(index);
        texts.remove(index);
    }

    /** Says which text the instructions from one on were made of. */
    void text(int from, String text) {
        for (int i = from; i < code.size(); i++) {
            if (texts.get(i).isEmpty()) {
                texts.set(i, text);
            }
        }
    }

    /** {@return the index of a jump, which {@link #land} gives its end; without a condition it is always made} */
    int jumpUnless(Position at, Expression condition) {
        add(new Instruction.JumpUnless(at, condition, 0));
        return size() - 1;
    }

    /** Makes a jump end at the next instruction. */
    void land(int jump) {
        Instruction.JumpUnless open = (Instruction.JumpUnless) code.get(jump);
        replace(jump, new Instruction.JumpUnless(open.at(), open.condition(), size()));
    }

    void assign(Position at, int register, Expression value) {
        add(new Instruction.Assign(at, register, value));
    }

    Expression load(Position at, Expression address, AccessMode mode) {
        int register = temporary();
        add(new Instruction.Load(at, register, address, mode));
        return new Expression.Register(register);
    }

    void store(Position at, Expression address, Expression value, AccessMode mode) {
        add(new Instruction.Store(at, address, value, mode));
    }

    void fence(Position at, Fence fence) {
        add(new Instruction.Barrier(at, fence));
    }

    /** The result of an update: the registers with what was read, and with whether it has written. */
    record Updated(Expression read, Expression done) {
    }

    /** An update that always writes; a null operator writes the operand. */
    Updated update(Position at, Expression address, Operator operator, Expression operand, AccessMode mode) {
        int read = temporary();
        int done = temporary();
        add(new Instruction.Update(at, read, done, address, operator, operand, null, false, mode, mode, false,
                Must.ANY));
        return new Updated(new Expression.Register(read), new Expression.Register(done));
    }

    /** An update that depends on what it reads. */
    record Test(Operator operator, Expression operand, Expression expected, boolean inverted, AccessMode mode,
            AccessMode failure, boolean weak) {
    }

    Updated update(Position at, Expression address, Test test) {
        int read = temporary();
        int done = temporary();
        add(update(at, read, done, address, test, Must.ANY));
        return new Updated(new Expression.Register(read), new Expression.Register(done));
    }

    /**
     * An update with full fences around it if it writes, and without if not. The fence stands before it is known
     * whether the update will write, so both are tried.
     */
    Updated fencedUpdate(Position at, Expression address, Test test) {
        int read = temporary();
        int done = temporary();
        int fork = size();
        add(new Instruction.Fork(at, 0));
        fence(at, Fence.FULL);
        add(update(at, read, done, address, test, Must.WRITE));
        fence(at, Fence.FULL);
        int skip = jumpUnless(at, null);
        replace(fork, new Instruction.Fork(at, size()));
        add(update(at, read, done, address, test, Must.FAIL));
        land(skip);
        return new Updated(new Expression.Register(read), new Expression.Register(done));
    }

    private static Instruction update(Position at, int read, int done, Expression address, Test test, Must must) {
        return new Instruction.Update(at, read, done, address, test.operator, test.operand, test.expected,
                test.inverted, test.mode, test.failure, test.weak, must);
    }

    ThreadCode thread() {
        return new ThreadCode(name, Collections.unmodifiableList(registers),
                initial.stream().mapToLong(Long::longValue).toArray(), List.copyOf(code), List.copyOf(texts));
    }
}
