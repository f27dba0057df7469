package org.smp4j.explore;

import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.search.ExhaustiveSearch;
import org.smp4j.explore.strategy.PctStrategy;

/** The claim of an exploration, in one sentence; it never claims more than the runs show. */
final class Conclusion {
    private Conclusion() {
    }

    /** {@return the claim} */
    static String of(Strategy strategy, Execution x, Failure failure, boolean complete, long schedules, long cut) {
        if (failure != null) {
            return "found: " + failure.rule();
        }
        if (complete && strategy instanceof ExhaustiveSearch search) {
            return search.claim(schedules) + (x.weak == null ? "" : x.weak.claim())
                    + x.time.claim(search.isReduced()) + x.assumptions.claim(search.isReduced());
        }
        if (schedules > 0 && cut >= schedules) {
            return "nothing is known: every schedule was cut at the step limit";
        }
        String sampled = "nothing found; that proves nothing about the runs that were not made";
        if (strategy instanceof PctStrategy pct) {
            return sampled + "; with " + pct.strandsSeen() + " strands and " + pct.mostSteps()
                    + " steps each schedule finds a bug of that depth with probability "
                    + "%.2g at least".formatted(pct.bound());
        }
        return strategy instanceof ExhaustiveSearch
                ? "the search was not completed" + (cut > 0 ? ", because of the schedules that were cut; " : "; ")
                + sampled : sampled;
    }
}
