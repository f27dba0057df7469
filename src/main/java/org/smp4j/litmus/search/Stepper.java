package org.smp4j.litmus.search;

import java.util.function.Consumer;
import org.smp4j.explore.memory.AccessMode;
import org.smp4j.explore.memory.Fence;
import org.smp4j.explore.memory.Memory;
import org.smp4j.explore.memory.Message;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.Instruction.Must;
import org.smp4j.litmus.program.LitmusException;

/** Makes the states that one step of a thread can lead to. */
final class Stepper {
    private final State from;
    private final int thread;
    private final Consumer<State> states;

    /**
     * The steps of a thread.
     *
     * @param from the state before
     * @param thread the thread, which has not ended
     * @param states takes the states after, one for each choice; none, if the thread must wait
     */
    Stepper(State from, int thread, Consumer<State> states) {
        this.from = from;
        this.thread = thread;
        this.states = states;
    }

    void step() {
        Instruction instruction = from.instruction(thread);
        switch (instruction) {
            case Instruction.Load load -> load(load);
            case Instruction.Store store -> store(store);
            case Instruction.Update update -> update(update);
            case Instruction.Lock lock -> lock(lock);
            case Instruction.Unlock unlock -> unlock(unlock);
            case Instruction.Fork fork -> {
                states.accept(after());
                State other = after();
                other.next[thread] = fork.target();
                states.accept(other);
            }
            case Instruction.Barrier barrier -> {
                State state = after();
                state.memory.fence(thread, barrier.fence());
                if (barrier.fence() == Fence.FULL) {
                    trace(state, -1, 0, 0, 0, 0);
                }
                states.accept(state);
            }
            default -> throw new IllegalStateException(instruction + " concerns only its thread");
        }
    }

    /** {@return a copy of the state in which the thread has gone past its instruction} */
    private State after() {
        State state = new State(from);
        state.next[thread]++;
        return state;
    }

    private long value(Expression expression) {
        return expression.value(from.registers[thread]);
    }

    private int location(Instruction instruction, Expression address) {
        long value = value(address);
        int location = from.test.location(value);
        if (location < 0) {
            throw new LitmusException(instruction.at(), from.test.threads().get(thread).name() + " accesses the "
                    + "address " + value + ", where no location is");
        }
        return location;
    }

    private void load(Instruction.Load load) {
        int location = location(load, load.address());
        int readable = from.memory.readable(thread, location, load.mode());
        for (int behind = 0; behind < readable; behind++) {
            State state = after();
            Message message = state.memory.read(thread, location, load.mode(), behind);
            hasRead(state, location, message, behind, 0);
            state.set(thread, load.register(), message.value());
            states.accept(state);
        }
    }

    private void hasRead(State state, int location, Message message, int behind, int does) {
        state.addRead(thread, label(message) * 2 + (does & Trace.FAILS) / Trace.FAILS);
        trace(state, location, message.value(), 0, Trace.READS | does, behind);
    }

    private static int label(Message message) {
        return (message.step() << 5) + message.strand() + 1;
    }

    private void store(Instruction.Store store) {
        int location = location(store, store.address());
        long value = value(store.value());
        for (int before = 0; before < from.memory.length(location); before++) {
            if (from.memory.mayWrite(thread, location, store.mode(), before)) {
                State state = after();
                state.memory.write(thread, state.steps[thread]++, location, store.mode(), value, null, before);
                trace(state, location, 0, value, Trace.WRITES, before);
                states.accept(state);
            }
        }
    }

    private void update(Instruction.Update update) {
        int location = location(update, update.address());
        Memory memory = from.memory;
        int readable = memory.readableOnFailure(thread, location, update.failure());
        for (int behind = 0; behind < memory.length(location); behind++) {
            long read = memory.message(location, behind).value();
            boolean writes = update.writesOn(read, from.registers[thread]);
            if (writes && update.must() != Must.FAIL && memory.mayExchange(thread, location, update.mode(), behind)) {
                State state = after();
                exchange(state, location, update.mode(), update.written(read, from.registers[thread]), behind);
                updated(state, update, read, 1);
            }
            if (!(writes && !update.weak()) && update.must() != Must.WRITE && behind < readable) {
                State state = after();
                Message message = state.memory.readOnFailure(thread, location, update.failure(), behind);
                hasRead(state, location, message, behind, writes ? Trace.FAILS : 0);
                updated(state, update, read, 0);
            }
        }
    }

    private void updated(State state, Instruction.Update update, long read, long done) {
        state.set(thread, update.read(), read);
        state.set(thread, update.done(), done);
        states.accept(state);
    }

    private void exchange(State state, int location, AccessMode mode, long value, int behind) {
        Message message = state.memory.exchange(thread, state.steps[thread]++, location, mode, value, null, behind);
        state.addRead(thread, label(message) * 2);
        trace(state, location, message.value(), value, Trace.READS | Trace.WRITES, behind);
    }

    private void lock(Instruction.Lock lock) {
        int location = location(lock, lock.address());
        if (from.memory.message(location, 0).value() == 0) {
            State state = after();
            exchange(state, location, AccessMode.ACQUIRE, 1, 0);
            states.accept(state);
        }
    }

    private void unlock(Instruction.Unlock unlock) {
        int location = location(unlock, unlock.address());
        if (from.memory.message(location, 0).value() == 0) {
            throw new LitmusException(unlock.at(), from.test.threads().get(thread).name()
                    + " gives back a lock that is free");
        }
        State state = after();
        state.memory.write(thread, state.steps[thread]++, location, AccessMode.RELEASE, 0, null, 0);
        trace(state, location, 0, 0, Trace.WRITES, 0);
        states.accept(state);
    }

    private void trace(State state, int location, long read, long written, int does, int behind) {
        Message newer = behind == 0 ? null : from.memory.message(location, behind - 1);
        state.trace = new Trace(from.trace, thread, from.next[thread], location, read, written, does, newer);
        state.departures += state.trace.departs() ? 1 : 0;
    }
}
