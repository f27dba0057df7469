package org.smp4j.explore.detect;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.explore.run.Program;

/**
 * What the runs of an exploration came upon that no step tells, so that a search does not try it in every order: it is
 * named in the claim.
 */
public final class Assumptions {
    /** What it is. */
    public enum Rule {
        SPIN(true,
                "a thread that spins or yields goes on only when something that it has read has changed, or no other can"),
        STATE(true, "a thread that is about to wait is taken for one that waits where another asks for its state"),
        NOTIFY(true, "notify wakes the thread that has waited longest"),
        WAIT(true, "no wake-up is spurious"),
        RELEASE(false, "use after release is looked for in the order of the runs that were made, and in no other"),
        LOOK(false,
                "what a scenario looks at quietly it sees in the order of the runs that were made, and in no other"),
        HASH(false, "identity hash codes are those of the order in which the runs that were made ask for them");

        // Whether also where each schedule is made, up to a bound, and not one for each order of dependent steps.
        private final boolean always;
        private final String text;

        Rule(boolean always, String text) {
            this.always = always;
            this.text = text;
        }
    }

    private static final int MOST_LISTED = 20;
    private static final int MOST_NAMED = 3;

    private int seen;

    public void add(Rule rule) {
        seen |= 1 << rule.ordinal();
    }

    /**
     * Names them.
     *
     * @param reduced whether of orders that only steps tell apart one was made
     * @return a part of a claim
     */
    public String claim(boolean reduced) {
        StringBuilder text = new StringBuilder();
        for (Rule rule : Rule.values()) {
            if ((seen & 1 << rule.ordinal()) != 0 && (rule.always || reduced)) {
                text.append("; ").append(rule.text);
            }
        }
        return text.toString();
    }

    /**
     * Names what no search can tell from steps, as the program is.
     *
     * @param program the program
     * @return a part of a claim
     */
    public static String claim(Program program) {
        return (program.unmodelled().isEmpty() ? ""
                : "; and if none of the calls that are not modelled, and are noted, reaches what threads share")
                + (program.kept().isEmpty() ? ""
                        : "; and if no schedule depends on what one before it has left in what is kept, and is noted");
    }

    /**
     * Names the calls that no step tells, and what is kept from one schedule to the next: to a search that makes all
     * schedules each is a line; to others one line of each kind is enough. What was found was found whatever such calls
     * do, but what is kept may have led to it.
     *
     * @param program the program
     * @param all whether the strategy makes all schedules
     * @param passed whether nothing was found
     * @return lines for the report
     */
    public static List<String> notes(Program program, boolean all, boolean passed) {
        List<String> notes = new ArrayList<>();
        if (all || passed) {
            notes.addAll(lines("not modelled: ", program.unmodelled(), all));
        }
        notes.addAll(
                lines("kept from one schedule to the next, as enums and interfaces are initialized once: what is in ",
                        program.kept(), all));
        return notes;
    }

    private static List<String> lines(String what, List<String> names, boolean all) {
        List<String> sorted = names.stream().sorted().distinct().toList();
        if (all || sorted.size() < 2) {
            return sorted.stream().limit(MOST_LISTED).map(name -> what + name).toList();
        }
        String more = sorted.size() > MOST_NAMED ? ", and " + (sorted.size() - MOST_NAMED) + " more" : "";
        return List.of(what + String.join(", ", sorted.subList(0, Math.min(sorted.size(), MOST_NAMED))) + more);
    }
}
