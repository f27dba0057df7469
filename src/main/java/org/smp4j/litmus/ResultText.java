package org.smp4j.litmus;

import java.util.ArrayList;
import java.util.List;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.Witness;

/** Shows the result of a search as herd does. */
public final class ResultText {
    private ResultText() {
    }

    /**
     * The result, in the lines that herd prints; with further lines about what herd does not say.
     *
     * @param name the test's name, as its file or the list of tests calls it
     * @param result the result
     * @param witness whether to show an execution that satisfies the condition
     * @return lines
     */
    public static String of(String name, LitmusResult result, boolean witness) {
        StringBuilder text = new StringBuilder();
        text.append("Test ").append(name).append(' ').append(result.test().condition().quantifier().kind())
                .append("\nStates ").append(result.states().size()).append('\n');
        for (String state : result.states()) {
            text.append(state).append('\n');
        }
        text.append(result.holds() ? "Ok" : "No").append("\nWitnesses\nPositive: ").append(result.positive())
                .append(" Negative: ").append(result.negative()).append("\nCondition ")
                .append(result.test().condition()).append("\nObservation ").append(name).append(' ')
                .append(result.observation()).append(' ').append(result.positive()).append(' ')
                .append(result.negative()).append('\n');
        remarks(result).forEach(line -> text.append(line).append('\n'));
        if (witness && result.witness() != null) {
            text.append(of(result.witness())).append("Token: ").append(WitnessToken.of(result.witness())).append('\n');
        }
        return text.toString();
    }

    /** {@return what restricts the result, one line each} */
    static List<String> remarks(LitmusResult result) {
        List<String> lines = new ArrayList<>();
        if (result.test().expected() != null && !result.test().expected().equals(result.observation())) {
            lines.add("Expected " + result.test().expected() + ", says the comment in the test");
        }
        if (result.cut() > 0) {
            lines.add("Incomplete: executions with more than " + result.options().iterations()
                    + " iterations of a loop are not among these; --unroll allows more");
        }
        if (result.blocked() > 0) {
            lines.add("Deadlock: every thread waits for a lock in "
                    + (result.blocked() == 1 ? "1 state" : result.blocked() + " states"));
        }
        return lines;
    }

    /** {@return an execution, with a column for each thread; a departure from sequential consistency bears a mark} */
    public static String of(Witness witness) {
        int threads = witness.test().threads().size();
        int[] widths = new int[threads];
        for (int i = 0; i < threads; i++) {
            widths[i] = witness.test().threads().get(i).name().length();
        }
        for (Witness.Step step : witness.steps()) {
            widths[step.thread()] = Math.max(widths[step.thread()], cell(step).length());
        }
        StringBuilder text = new StringBuilder("Witness, with " + witness.departures()
                + (witness.departures() == 1 ? " departure" : " departures")
                + " from sequential consistency, marked >\n");
        List<String> names = new ArrayList<>();
        witness.test().threads().forEach(thread -> names.add(thread.name()));
        text.append(row(widths, names));
        for (Witness.Step step : witness.steps()) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                cells.add(i == step.thread() ? cell(step) : "");
            }
            text.append(row(widths, cells));
        }
        return text.toString();
    }

    private static String cell(Witness.Step step) {
        return (step.departs() ? "> " : "  ") + step.text() + " -> " + step.effect();
    }

    private static String row(int[] widths, List<String> cells) {
        StringBuilder row = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(i);
            row.append(i == 0 ? "  " : " | ").append(cell).append(" ".repeat(widths[i] - cell.length()));
        }
        return row.toString().stripTrailing() + "\n";
    }
}
