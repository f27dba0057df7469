package org.smp4j.litmus.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.smp4j.litmus.program.Condition.Quantifier;
import org.smp4j.litmus.search.LitmusResult;

/** Shows the states of free runs as litmus7 does, and how they compare with the model. */
public final class HistogramText {
    private HistogramText() {
    }

    /**
     * The states and their counts, in the lines that litmus7 prints; with further lines for the model.
     *
     * @param name the test's name
     * @param seen what came out
     * @param model what the model allows
     * @param seconds how long the runs took
     * @return lines
     */
    public static String of(String name, Histogram seen, LitmusResult model, double seconds) {
        long positive = seen.positive();
        long negative = seen.runs() - positive;
        StringBuilder text = new StringBuilder("Test ").append(name).append(' ')
                .append(seen.test().condition().quantifier().kind()).append("\nHistogram (")
                .append(seen.counts().size()).append(seen.counts().size() == 1 ? " state)\n" : " states)\n");
        for (Map.Entry<String, Histogram.Count> state : seen.counts().entrySet()) {
            text.append(String.format(Locale.ROOT, "%-8d%s>%s%n", state.getValue().all(),
                    state.getValue().positive() > 0 ? "*" : ":", state.getKey()));
        }
        text.append(seen.holds() ? "Ok" : "No").append("\nWitnesses\nPositive: ").append(positive)
                .append(", Negative: ").append(negative).append("\nCondition ").append(seen.test().condition())
                .append(seen.holds() ? " is validated" : " is NOT validated").append("\nObservation ").append(name)
                .append(' ').append(seen.observation()).append(' ').append(positive).append(' ').append(negative)
                .append(String.format(Locale.ROOT, "%nTime %s %.2f%n", name, seconds));
        remarks(seen, model).forEach(line -> text.append(line).append('\n'));
        return text.toString();
    }

    private static List<String> remarks(Histogram seen, LitmusResult model) {
        List<String> lines = new ArrayList<>();
        int threads = seen.test().threads().size();
        if (threads > seen.cores()) {
            lines.add("Threads: " + threads + " on " + seen.cores() + (seen.cores() == 1 ? " core" : " cores")
                    + ", so they do not all run at once");
        } else if (!seen.pinned()) {
            lines.add("Threads: not pinned to cores");
        }
        if (seen.skipped() > 0) {
            lines.add("Not counted: " + seen.skipped() + " runs in which an assumption did not hold, a lock was not "
                    + "given back, or a loop had more than " + model.options().iterations() + " iterations");
        }
        String name = model.options().model().toString().toLowerCase(Locale.ROOT);
        List<String> missing = seen.missing(model);
        if (!missing.isEmpty()) {
            lines.add("Possible under " + name + ", not seen: " + String.join(" | ", missing));
        }
        List<String> forbidden = seen.forbidden(model);
        if (!forbidden.isEmpty()) {
            lines.add("FORBIDDEN under " + name + ", but seen: " + String.join(" | ", forbidden));
            if (seen.test().hasPlainAccesses()) {
                lines.add("The test has plain accesses: a compiler may exchange a read and a later write, and repeat "
                        + "or merge reads; the model does not");
            }
        }
        return lines;
    }

    /**
     * {@return whether the runs agree with the model and with what the test claims; that a state which may exist did
     * not come out says nothing}
     */
    public static boolean passed(Histogram seen, LitmusResult model) {
        String expected = seen.test().expected();
        boolean claim = expected == null ? seen.holds() || seen.test().condition().quantifier() == Quantifier.EXISTS
                : !expected.equals("Never") || seen.positive() == 0;
        return claim && seen.forbidden(model).isEmpty();
    }
}
