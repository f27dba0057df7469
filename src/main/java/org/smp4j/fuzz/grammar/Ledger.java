package org.smp4j.fuzz.grammar;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * What came of the operations of one run: their results, and how often their functions ran. No access to it is a step
 * of the explorer; on real threads it is safe.
 */
final class Ledger {
    private final AtomicIntegerArray least;
    private final AtomicIntegerArray most;
    private final AtomicIntegerArray ran;
    private final AtomicIntegerArray done;
    private final AtomicIntegerArray results;
    private final Set<String> different = new TreeSet<>(); // guarded by itself

    Ledger(int operations) {
        least = new AtomicIntegerArray(operations);
        most = new AtomicIntegerArray(operations);
        ran = new AtomicIntegerArray(operations);
        done = new AtomicIntegerArray(operations);
        results = new AtomicIntegerArray(operations);
    }

    /** The function of an operation is to run more often by these numbers. */
    void expect(Step step, int atLeast, int atMost) {
        Exploring.quietly(() -> {
            least.addAndGet(step.id(), atLeast);
            most.addAndGet(step.id(), atMost);
        });
    }

    void ran(Step step) {
        Exploring.quietly(() -> ran.incrementAndGet(step.id()));
    }

    /** The result counts regardless of the order of several results. */
    void result(Step step, int result) {
        Exploring.quietly(() -> {
            done.incrementAndGet(step.id());
            results.addAndGet(step.id(), result * 31 + result / 7);
            synchronized (different) {
                different.add(step.op().name() + " " + result);
            }
        });
    }

    /** {@return whether no function has to run any more} */
    boolean isComplete() {
        boolean[] complete = {true};
        Exploring.quietly(() -> {
            for (int id = 0; id < ran.length(); id++) {
                complete[0] &= ran.get(id) >= least.get(id);
            }
        });
        return complete[0];
    }

    /** Checks the numbers of runs when nothing more happens. */
    void check(List<Step> steps) {
        for (Step step : steps) {
            int times = ran.get(step.id());
            int atLeast = least.get(step.id());
            int atMost = most.get(step.id());
            if (times < atLeast || times > atMost) {
                ProgramRule.broken(times < atLeast ? "function did not run" : "function ran too often",
                        "the function of " + step + " has run " + times + " times, and not "
                        + (atLeast == atMost ? "" + atMost : atLeast + " to " + atMost));
            }
        }
    }

    /** {@return each kind of operation with each result that one of it had, in order} */
    Set<String> different() {
        synchronized (different) {
            return new TreeSet<>(different);
        }
    }

    /** {@return the results of all operations and the numbers of runs of their functions} */
    String outcome() {
        StringBuilder text = new StringBuilder();
        for (int id = 0; id < results.length(); id++) {
            text.append(id == 0 ? "" : " ").append(results.get(id)).append('x').append(done.get(id)).append('r')
                    .append(ran.get(id));
        }
        return text.toString();
    }
}
