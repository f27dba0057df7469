package org.smp4j.explore.replay;

import java.util.HashMap;
import java.util.Map;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.report.Difference;
import org.smp4j.explore.report.Recording;

/** What becomes of a failing run without one of its departures: each such run is made. */
public final class Necessity {
    private static final int MOST = 8;

    private Necessity() {
    }

    /**
     * Makes the run without each departure.
     *
     * @param runner makes the runs, with a program that reports values
     * @param departures those of the failing run
     * @param rule the rule that it breaks
     * @param failing the failing run, recorded in detail
     * @return by departure, from 0: half a sentence; none for a run with many departures
     */
    public static Map<Integer, String> of(Runner runner, Departures departures, String rule, Recording failing) {
        Map<Integer, String> sentences = new HashMap<>();
        if (departures.size() > MOST || failing.labels().length != departures.size()) {
            return sentences;
        }
        for (int i = 0; i < departures.size(); i++) {
            Recording without = new Recording(true);
            try {
                Outcome outcome = runner.run(new ReplayStrategy(departures.without(i, i + 1)), 0, 0, without);
                sentences.put(i, switch (outcome) {
                    case COMPLETE -> {
                        String difference = Difference.after(i, failing, without);
                        yield "the rule holds without this" + (difference == null ? "" : ": " + difference);
                    }
                    case FAILED -> runner.x.failure().rule().equals(rule) ? "without this the rule is broken as well"
                            : "without this another rule is broken: " + runner.x.failure().rule();
                    default -> "the run without this does not end";
                });
            } catch (ExplorerException e) {
                sentences.put(i, "the run without this can't be made");
            }
        }
        return sentences;
    }
}
