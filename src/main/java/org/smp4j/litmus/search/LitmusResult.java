package org.smp4j.litmus.search;

import java.util.List;
import org.smp4j.litmus.program.Condition.Quantifier;
import org.smp4j.litmus.program.LitmusTest;

/**
 * What a search has found.
 *
 * @param test the test
 * @param options what was searched
 * @param states the final states that are possible, in order
 * @param positive the number of executions that satisfy the condition's formula; two executions differ if a read reads
 *     from another write, or the writes of a location have another order
 * @param negative the number of the others
 * @param cut the number of ways in which a loop had more iterations than allowed; these are in no other number
 * @param blocked the number of states in which no thread could go on, because of a lock
 * @param searched the number of states that the search was in
 * @param witness an execution that satisfies the formula, with as few departures as possible; null if there is none
 */
public record LitmusResult(LitmusTest test, SearchOptions options, List<String> states, long positive, long negative,
        long cut, long blocked, long searched, Witness witness) {
    /** {@return Never, Sometimes or Always: how often the formula holds} */
    public String observation() {
        return positive == 0 ? "Never" : negative == 0 ? "Always" : "Sometimes";
    }

    /** {@return whether the test's claim holds} */
    public boolean holds() {
        return test.condition().quantifier().holds(positive, negative);
    }

    /**
     * {@return whether the test has what it asks for: its claim holds, unless it only asks whether a state exists, and
     * the observation is the one that its comment expects}
     */
    public boolean passed() {
        return test.expected() == null ? holds() || test.condition().quantifier() == Quantifier.EXISTS
                : test.expected().equals(observation());
    }
}
