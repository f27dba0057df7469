package org.smp4j.litmus.search;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.memory.Memory;
import org.smp4j.litmus.program.LitmusTest;

/**
 * One execution of a test.
 *
 * @param test the test
 * @param options what allows the execution
 * @param state its final state, as the test shows it
 * @param holds whether the condition's formula holds there
 * @param departures how often it reads an older value, writes before a newer one or fails spuriously
 * @param steps its steps, but not those that only compute
 * @param choices thread and choice of each step, from which {@link #replay} makes it again
 */
public record Witness(LitmusTest test, SearchOptions options, String state, boolean holds, int departures,
        List<Step> steps, List<Choice> choices) {
    /**
     * One step.
     *
     * @param thread the number of the thread
     * @param text the text of its instruction
     * @param effect what it has read and written
     * @param departs whether it has read an older value, written before a newer one, or failed spuriously
     */
    public record Step(int thread, String text, String effect, boolean departs) {
    }

    /**
     * What decides one step.
     *
     * @param thread the number of the thread
     * @param number which of the possibilities that its next instruction has
     */
    public record Choice(int thread, int number) {
    }

    static Witness of(State state, SearchOptions options) {
        LitmusTest test = state.test;
        List<Step> steps = new ArrayList<>();
        for (Trace step : Trace.inOrder(state.trace)) {
            String text = test.threads().get(step.thread()).texts().get(step.instruction());
            steps.add(new Step(step.thread(), text, effect(test, step), step.departs()));
        }
        List<Choice> choices = Path.inOrder(state.path).stream()
                .map(choice -> new Choice(choice.thread(), choice.choice())).toList();
        long[] values = state.values();
        return new Witness(test, options, test.state(state.registers, values),
                test.condition().formula().holds(state.registers, values), state.departures, steps, choices);
    }

    /**
     * Makes an execution again.
     *
     * @param test the test
     * @param options the options with which it was found
     * @param choices its choices
     * @return the execution; null if the test has none with these choices
     */
    public static Witness replay(LitmusTest test, SearchOptions options, List<Choice> choices) {
        State state = new State(test, options.memory());
        State.Advance advance = state.begin(options.iterations());
        for (Choice choice : choices) {
            if (advance != State.Advance.DONE || choice.thread() >= test.threads().size()) {
                return null;
            }
            List<State> after = state.after(choice.thread());
            if (choice.number() >= after.size()) {
                return null;
            }
            state = after.get(choice.number());
            advance = state.advance(choice.thread(), options.iterations());
        }
        return advance == State.Advance.DONE && state.isFinal() ? of(state, options) : null;
    }

    private static String effect(LitmusTest test, Trace step) {
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
