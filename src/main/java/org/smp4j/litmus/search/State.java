package org.smp4j.litmus.search;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.smp4j.explore.memory.Memory;
import org.smp4j.explore.memory.StateKey;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.ThreadCode;

/** A state of a test: memory, and where its threads stand. */
final class State {
    /** How a thread has come to its next visible instruction. */
    enum Advance {
        /** As it should. */
        DONE,
        /** An assumption does not hold. */
        GIVEN_UP,
        /** A loop has too many iterations. */
        CUT
    }

    final LitmusTest test;
    final Memory memory;
    final int[] next;
    final long[][] registers;
    /** By thread: for each read the writer of what it has read and the writer's step, as one number. */
    final int[][] reads;
    final int[] steps;
    Trace trace;
    Path path;
    int departures;

    State(LitmusTest test, Memory memory) {
        this.test = test;
        this.memory = memory;
        int threads = test.threads().size();
        next = new int[threads];
        steps = new int[threads];
        reads = new int[threads][0];
        registers = new long[threads][];
        for (int i = 0; i < threads; i++) {
            registers[i] = test.threads().get(i).initial().clone();
        }
        for (long value : test.initial()) {
            memory.location(value, null);
        }
    }

    State(State other) {
        test = other.test;
        memory = other.memory.copy();
        next = other.next.clone();
        steps = other.steps.clone();
        reads = other.reads.clone();
        registers = other.registers.clone();
        trace = other.trace;
        path = other.path;
        departures = other.departures;
    }

    /** {@return the next instruction of a thread; null if it has ended} */
    Instruction instruction(int thread) {
        ThreadCode code = test.threads().get(thread);
        return next[thread] < code.code().size() ? code.code().get(next[thread]) : null;
    }

    boolean isFinal() {
        for (int thread = 0; thread < next.length; thread++) {
            if (instruction(thread) != null) {
                return false;
            }
        }
        return true;
    }

    void set(int thread, int register, long value) {
        registers[thread] = registers[thread].clone();
        registers[thread][register] = value;
    }

    void addRead(int thread, int label) {
        reads[thread] = Arrays.copyOf(reads[thread], reads[thread].length + 1);
        reads[thread][reads[thread].length - 1] = label;
    }

    /** Brings each thread to its first visible instruction. */
    Advance begin(int iterations) {
        Advance worst = Advance.DONE;
        for (int thread = 0; thread < next.length; thread++) {
            Advance advance = advance(thread, iterations);
            worst = advance == Advance.DONE ? worst : advance;
        }
        return worst;
    }

    /**
     * {@return the states after the next step of a thread, one for each choice that it has, in an order that depends
     * only on this state; none if it has ended or must wait}
     */
    List<State> after(int thread) {
        List<State> states = new ArrayList<>();
        if (instruction(thread) != null) {
            new Stepper(this, thread, after -> {
                after.path = new Path(path, thread, states.size());
                states.add(after);
            }).step();
        }
        return states;
    }

    /** Executes what concerns only a thread itself, up to its next other instruction. */
    Advance advance(int thread, int iterations) {
        for (Instruction instruction; (instruction = instruction(thread)) != null && instruction.isLocal();) {
            next[thread]++;
            switch (instruction) {
                case Instruction.Assign assign ->
                    set(thread, assign.register(), assign.value().value(registers[thread]));
                case Instruction.JumpUnless jump -> {
                    if (jump.condition() == null || jump.condition().value(registers[thread]) == 0) {
                        next[thread] = jump.target();
                    }
                }
                case Instruction.Iterate iterate -> {
                    long count = registers[thread][iterate.counter()] + 1;
                    if (count > iterations + 1) { // the condition is seen once more than the body
                        return Advance.CUT;
                    }
                    set(thread, iterate.counter(), count);
                }
                case Instruction.Assume assume -> {
                    if (assume.condition().value(registers[thread]) == 0) {
                        return Advance.GIVEN_UP;
                    }
                }
                case Instruction.Barrier barrier -> memory.fence(thread, barrier.fence());
                default -> throw new IllegalStateException(instruction + " concerns others");
            }
        }
        return Advance.DONE;
    }

    /** {@return what tells this state from others; states that were reached by different executions differ} */
    StateKey key() {
        StateKey key = new StateKey();
        for (int thread = 0; thread < next.length; thread++) {
            key.add(next[thread]);
        }
        addReads(key);
        memory.key(key);
        key.trim();
        return key;
    }

    /** {@return what tells this final state's execution from others: what each read gets, and the order of writes} */
    StateKey execution() {
        StateKey key = new StateKey();
        addReads(key);
        memory.writeOrder(key);
        key.trim();
        return key;
    }

    private void addReads(StateKey key) {
        for (int[] labels : reads) {
            key.add(labels.length);
            for (int label : labels) {
                key.add(label);
            }
        }
    }

    /** {@return the newest values of all locations} */
    long[] values() {
        long[] values = new long[memory.locations()];
        Arrays.setAll(values, location -> memory.message(location, 0).value());
        return values;
    }
}
