package org.smp4j.explore;

/**
 * Makes a failing schedule small by delta debugging: takes departures away, many at a time and then one at a time, as long as the run still breaks the same
 * rule; then holds strands back altogether. Every candidate is run. No single departure that is left can be taken away.
 */
final class Shrinker {
    private static final int MAX_RUNS = 200_000;

    private final Runner runner;
    private final String rule;
    private Departures best;
    private long muted;
    private int runs;

    Shrinker(Runner runner, Departures departures, String rule) {
        this.runner = runner;
        this.rule = rule;
        this.best = departures.copy();
    }

    Departures departures() {
        return best;
    }

    long muted() {
        return muted;
    }

    void shrink() {
        if (!runner.breaks(best, 0, rule)) {
            throw new ExplorerException("a failing schedule did not fail when it was run again: the scenario keeps state from one run to the next, or depends on "
                    + "something that is not under control");
        }
        for (boolean smaller = true; smaller && runs < MAX_RUNS;) {
            smaller = fewer();
            smaller |= single();
        }
        mute();
        runner.x.muted = 0;
    }

    /** Large pieces first. */
    private boolean fewer() {
        boolean any = false;
        for (int chunk = best.size() / 2; chunk >= 2; chunk /= 2) {
            for (int from = best.size() - chunk; from > -chunk && runs < MAX_RUNS; from -= chunk) {
                int begin = Math.max(0, from);
                int end = Math.min(best.size(), begin + chunk);
                if (end > begin && attempt(best.without(begin, end))) {
                    any = true;
                    from = Math.min(from, best.size());
                }
            }
        }
        return any;
    }

    private boolean single() {
        boolean any = false;
        for (int i = best.size() - 1; i >= 0 && runs < MAX_RUNS; i--) {
            if (i < best.size() && attempt(best.without(i, i + 1))) {
                any = true;
                i = Math.min(i, best.size());
            }
        }
        return any;
    }

    private boolean attempt(Departures candidate) {
        runs++;
        if (runner.breaks(candidate, muted, rule) && runner.x.departures().size() < best.size()) {
            best = runner.x.departures().copy();
            return true;
        }
        return false;
    }

    private void mute() {
        runner.breaks(best, muted, rule);
        int strands = runner.x.strandCount();
        for (int id = 1; id < strands; id++) {
            if (runner.breaks(best, muted | 1L << id, rule) && runner.x.departures().size() <= best.size()) {
                muted |= 1L << id;
                best = runner.x.departures().copy();
            }
        }
    }
}
