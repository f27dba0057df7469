package org.smp4j.litmus.search;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.smp4j.explore.memory.Memory;
import org.smp4j.explore.memory.StateKey;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;

/** Makes all executions of a test; those with fewer departures first, so that the first witness has the fewest. */
public final class LitmusSearch {
    private final LitmusTest test;
    private final SearchOptions options;
    private final BooleanSupplier stop;
    private final Deque<State> open = new ArrayDeque<>();
    private final Set<StateKey> known = new HashSet<>();
    private final Set<StateKey> executions = new HashSet<>();
    private final Set<String> finals = new TreeSet<>();
    private long positive;
    private long cut;
    private long blocked;
    private State witness;

    private LitmusSearch(LitmusTest test, SearchOptions options, BooleanSupplier stop) {
        this.test = test;
        this.options = options;
        this.stop = stop;
    }

    /** A search that did not come to its end, so that it can't say what is impossible. */
    public static final class Unfinished extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unfinished(String message) {
            super(message);
        }
    }

    /**
     * Makes all executions.
     *
     * @param test the test
     * @param options the model and the limits
     * @param stop asked now and then whether to give up
     * @return what was found
     * @throws Unfinished if there are more states than the options allow, or the search was stopped
     * @throws org.smp4j.litmus.program.LitmusException if the test accesses what is no location
     */
    public static LitmusResult search(LitmusTest test, SearchOptions options, BooleanSupplier stop) {
        return new LitmusSearch(test, options, stop).run();
    }

    private LitmusResult run() {
        State start = new State(test, options.memory());
        if (isAlive(start.begin(options.iterations()))) {
            open.add(start);
        }
        while (!open.isEmpty()) {
            State state = open.pollFirst();
            if (known.add(state.key())) {
                follow(state);
            }
        }
        return new LitmusResult(test, options, List.copyOf(finals), positive, executions.size() - positive, cut,
                blocked, known.size(), witness == null ? null : Witness.of(witness, options));
    }

    private boolean isAlive(State.Advance advance) {
        cut += advance == State.Advance.CUT ? 1 : 0;
        return advance == State.Advance.DONE;
    }

    private void follow(State state) {
        if (known.size() > options.states()) {
            throw new Unfinished("more than " + options.states() + " states; nothing is shown");
        }
        if ((known.size() & 0xfff) == 0 && stop.getAsBoolean()) {
            throw new Unfinished("stopped after " + known.size() + " states; nothing is shown");
        }
        if (state.isFinal()) {
            end(state);
            return;
        }
        boolean went = false;
        for (int thread = 0; thread < state.next.length; thread++) {
            for (State after : state.after(thread)) {
                went = true;
                if (isAlive(after.advance(thread, options.iterations()))) {
                    add(state, after);
                }
            }
        }
        blocked += went || !isDeadlock(state) ? 0 : 1;
    }

    /** {@return whether all that have not ended wait for a lock; what must not happen in this execution is no wait} */
    private static boolean isDeadlock(State state) {
        for (int thread = 0; thread < state.next.length; thread++) {
            Instruction instruction = state.instruction(thread);
            if (instruction != null && !(instruction instanceof Instruction.Lock)) {
                return false;
            }
        }
        return true;
    }

    private void add(State before, State after) {
        if (after.departures == before.departures) {
            open.addFirst(after);
        } else {
            open.addLast(after);
        }
    }

    private void end(State state) {
        long[] values = state.values();
        boolean holds = test.condition().formula().holds(state.registers, values);
        if (executions.add(state.execution())) {
            positive += holds ? 1 : 0;
        }
        finals.add(test.state(state.registers, values));
        if (holds && witness == null) {
            witness = state;
        }
    }
}
