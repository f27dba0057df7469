package org.smp4j.explore.detect;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.run.Program;

/**
 * Assumptions that the runs of an exploration relied on. No step shows them, so a search does not try them in every
 * order; the claim names them.
 */
public final class Assumptions {
    /** One assumption, with its text in the claim. */
    public enum Rule {
        SPIN(true, "a thread that spins, or yields again at a place, goes on only after a change of something "
                + "that it has read, or when no other thread can"),
        STATE(true, "a thread that is about to wait is taken for one that waits where another asks for its state"),
        NOTIFY(true, "notify wakes the thread that has waited longest"),
        ATOMIC(true, "a call of java.util.concurrent is one step up to where it blocks or calls back"),
        WHOLE(true, "a call of a concurrent collection or adder is one step"),
        WAIT(true, "no wake-up is spurious"),
        WEAK(true, "no weak compare-and-set fails without a cause"),
        RANDOM(true, "random generators without a seed return what they did in the runs that were made"),
        INITIALIZER(true, "no thread shares what the JVM initializes at once: an enum, or an interface, of a class "
                + "loader of the program"),
        ORDER(true, "Set.of, Map.of and their like keep the order of what they are given; each JVM has another one"),
        CONSTANTS(true, "a hash table whose keys are or contain enum constants or classes has the order of this JVM; "
                + "another one has another"),
        MOMENT(true, "a call of the JDK reads all that it is given at one moment, when it writes its result"),
        COMPARED(true, "objects that a collection or a stream compares with others do not change meanwhile"),
        NESTED(true, "what the JDK reads of objects in other objects is a step down to the third level, and for a "
                + "thousand elements of each"),
        SEQUENTIAL(true, "a parallel stream runs on the thread that asks for its result"),
        RELEASE(false, "use after release is looked for in the order of the runs that were made, and in no other"),
        LOOK(false, "quiet reads of a scenario see values in the order of the runs that were made, and in no other"),
        HASH(false, "identity hash codes are those of the order in which the runs that were made ask for them");

        // Whether the assumption also holds for a search that makes every schedule up to a bound, and not only for one
        // that makes one schedule for each order of dependent steps.
        private final boolean always;
        private final String text;

        Rule(boolean always, String text) {
            this.always = always;
            this.text = text;
        }
    }

    private static final String KEPT =
            "kept from one schedule to the next, as enums and interfaces are initialized only once: the value of ";
    private static final int MOST_LISTED = 20;
    private static final int MOST_NAMED = 3;

    /** The packages and classes of the JDK within whose calls strands can switch; set before the runs. */
    public Set<String> inside = Set.of();
    private int seen;

    /** Notes that a run relied on an assumption. */
    public void add(Rule rule) {
        seen |= 1 << rule.ordinal();
    }

    /** {@return whether a run so far relied on an assumption} */
    public boolean has(Rule rule) {
        return (seen & 1 << rule.ordinal()) != 0;
    }

    /**
     * Names the assumptions of the runs so far.
     *
     * @param reduced whether the search made only one of the schedules that order dependent steps alike
     * @return a part of a claim
     */
    public String claim(boolean reduced) {
        StringBuilder text = new StringBuilder(inside.isEmpty() ? ""
                : "; calls of " + String.join(", ", inside) + " were explored within");
        for (Rule rule : Rule.values()) {
            if ((seen & 1 << rule.ordinal()) != 0 && (rule.always || reduced)) {
                text.append("; ").append(rule != Rule.ATOMIC || inside.isEmpty() ? rule.text
                        : rule.text.replaceFirst("^a", "any other"));
            }
        }
        return text.toString();
    }

    /**
     * Names the assumptions that follow from the program itself: unmodelled calls and kept statics.
     *
     * @param program the program
     * @return a part of a claim
     */
    public static String claim(Program program) {
        return (program.unmodelled().isEmpty()
                ? "" : "; and if none of the unmodelled calls that the notes list reaches what threads share")
                + (program.kept().isEmpty()
                ? "" : "; and if no schedule depends on the values that an earlier one left in the kept statics");
    }

    /**
     * Lists the calls that are not modelled, and the statics that are kept from one schedule to the next. A search that
     * makes all schedules gets a line for each, other strategies one line for each kind. A failure is one whatever
     * unmodelled calls do; kept statics may have led to it.
     *
     * @param program the program
     * @param all whether the strategy makes all schedules
     * @param passed whether the exploration found no failure
     * @return lines for the report
     */
    public static List<String> notes(Program program, boolean all, boolean passed) {
        List<String> notes = new ArrayList<>();
        if (all || passed) {
            notes.addAll(lines("not modelled: ", program.unmodelled(), all));
        }
        notes.addAll(lines(KEPT, program.kept(), all));
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
