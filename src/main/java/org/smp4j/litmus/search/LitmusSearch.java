package org.smp4j.litmus.search;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.smp4j.explore.memory.Memory;
import org.smp4j.explore.memory.StateKey;
import org.smp4j.litmus.program.Condition;
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
        State start = new State(test, Memory.of(options.model(), Memory.ALL, options.insertion()));
        boolean starts = true;
        for (int thread = 0; thread < test.threads().size(); thread++) {
            starts &= isAlive(start.advance(thread, options.iterations()));
        }
        if (starts) {
            open.add(start);
        }
        while (!open.isEmpty()) {
            State state = open.pollFirst();
            if (known.add(state.key())) {
                follow(state);
            }
        }
        return new LitmusResult(test, options, List.copyOf(finals), positive, executions.size() - positive, cut,
                blocked, known.size(), witness == null ? 0 : witness.departures,
                witness == null ? List.of() : steps(witness.trace));
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
        boolean[] went = new boolean[1];
        for (int thread = 0; thread < state.next.length; thread++) {
            if (state.instruction(thread) != null) {
                int actor = thread;
                new Stepper(state, thread, after -> {
                    went[0] = true;
                    if (isAlive(after.advance(actor, options.iterations()))) {
                        add(state, after);
                    }
                }).step();
            }
        }
        blocked += went[0] ? 0 : 1;
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
        StringBuilder text = new StringBuilder();
        for (Condition.Part part : test.shown()) {
            long value = part.value(state.registers, values);
            text.append(text.isEmpty() ? "" : " ").append(part.name()).append('=').append(test.text(value)).append(';');
        }
        finals.add(text.toString());
        if (holds && witness == null) {
            witness = state;
        }
    }

    private List<LitmusResult.WitnessStep> steps(Trace last) {
        List<LitmusResult.WitnessStep> steps = new ArrayList<>();
        for (Trace step : Trace.inOrder(last)) {
            String text = test.threads().get(step.thread()).texts().get(step.instruction());
            steps.add(new LitmusResult.WitnessStep(step.thread(), text, effect(step), step.departs()));
        }
        return steps;
    }

    private String effect(Trace step) {
        if (step.location() < 0) {
            return "full fence";
        }
        String name = test.locations().get(step.location());
        StringBuilder effect = new StringBuilder();
        if ((step.does() & Trace.READS) != 0) {
            effect.append("reads ").append(name).append('=').append(test.text(step.read()));
        }
        if ((step.does() & Trace.WRITES) != 0) {
            effect.append(effect.isEmpty() ? "" : ", ").append("writes ").append(name).append('=')
                    .append(test.text(step.written()));
        }
        if (step.newer() != null) {
            String writer = step.newer().strand() < 0 ? "" : " by " + test.threads().get(step.newer().strand()).name();
            String write = "the write of " + test.text(step.newer().value()) + writer;
            effect.append((step.does() & Trace.WRITES) != 0 ? ", which lands before " + write
                    : ": " + write + " is not visible yet");
        }
        return effect.append((step.does() & Trace.FAILS) != 0 ? ", fails spuriously" : "").toString();
    }
}
