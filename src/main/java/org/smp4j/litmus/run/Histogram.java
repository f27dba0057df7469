package org.smp4j.litmus.run;

import java.util.List;
import java.util.SortedMap;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.search.LitmusResult;

/**
 * How often each final state of a test came out on real threads.
 *
 * @param test the test
 * @param counts by final state
 * @param runs the number of runs that are counted
 * @param skipped the number of runs that are not: an assumption did not hold, a lock was not given back, or a loop had
 *     too many iterations
 * @param pinned whether each thread had a core
 * @param cores the number of cores that the process may use
 */
public record Histogram(LitmusTest test, SortedMap<String, Count> counts, long runs, long skipped, boolean pinned,
        int cores) {
    /**
     * How often one final state came out.
     *
     * @param positive where the condition's formula holds
     * @param negative where it does not
     */
    public record Count(long positive, long negative) {
        Count plus(Count other) {
            return new Count(positive + other.positive, negative + other.negative);
        }

        /** {@return both} */
        public long all() {
            return positive + negative;
        }
    }

    /** {@return the number of runs that satisfy the condition's formula} */
    public long positive() {
        return counts.values().stream().mapToLong(Count::positive).sum();
    }

    /** {@return Never, Sometimes or Always: how often the formula held} */
    public String observation() {
        return positive() == 0 ? "Never" : positive() < runs ? "Sometimes" : "Always";
    }

    /** {@return whether the test's claim holds in these runs} */
    public boolean holds() {
        return test.condition().quantifier().holds(positive(), runs - positive());
    }

    /** {@return the states that came out although the model has no execution with them} */
    public List<String> forbidden(LitmusResult model) {
        return counts.keySet().stream().filter(state -> !model.states().contains(state)).toList();
    }

    /** {@return the states that the model allows and that did not come out} */
    public List<String> missing(LitmusResult model) {
        return model.states().stream().filter(state -> !counts.containsKey(state)).toList();
    }
}
