package org.smp4j.explore;

/** What is known after an exploration, in one sentence; never more than was done. */
final class Claim {
    private Claim() {
    }

    /** {@return the sentence} */
    static String of(Strategy strategy, Execution x, Failure failure, boolean complete, long schedules, long cut) {
        if (failure != null) {
            return "found: " + failure.rule();
        }
        if (complete && strategy instanceof BoundedSearch bounded) {
            return "proven for sequentially consistent runs with at most " + bounded.bound() + " departures from the default schedule, later interrupts and other choices counted in; "
                    + "nothing is said of runs with more" + x.time.claim(false) + x.unseen.claim(false);
        }
        if (complete) {
            return "proven for all sequentially consistent runs: every run orders dependent steps as one of the " + schedules + " that were made" + x.time.claim(true) + x.unseen.claim(true);
        }
        String sampled = "nothing found; that proves nothing about the runs that were not made";
        if (strategy instanceof PctStrategy pct) {
            return sampled + "; with " + pct.mostStrands() + " strands and " + pct.mostSteps() + " steps each schedule finds a bug of that depth with probability "
                    + "%.2g at least".formatted(pct.bound());
        }
        return strategy instanceof BoundedSearch || strategy instanceof PartialOrderSearch
                ? "the search was not completed" + (cut > 0 ? ", because of the schedules that were cut; " : "; ") + sampled : sampled;
    }
}
