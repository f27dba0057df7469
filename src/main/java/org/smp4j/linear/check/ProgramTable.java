package org.smp4j.linear.check;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A program with the results that its calls had in the last run, one column for each thread. */
final class ProgramTable {
    private ProgramTable() {
    }

    /** {@return its lines; a call that has begun and not ended is followed by that word} */
    static List<String> of(Calls calls, String pending) {
        Plan plan = calls.plan;
        List<String> lines = new ArrayList<>();
        if (!plan.before().isEmpty()) {
            lines.add("before: " + listed(calls, pending, 0, plan.first(0)));
        }
        String[] names = plan.names();
        int rows = plan.threads().stream().mapToInt(List::size).max().orElse(0);
        String[][] cells = new String[rows + 1][names.length];
        int[] widths = new int[names.length];
        for (int thread = 0; thread < names.length; thread++) {
            for (int row = 0; row <= rows; row++) {
                int call = plan.first(thread) + row - 1;
                cells[row][thread] = row == 0 ? names[thread]
                        : row <= plan.threads().get(thread).size() ? calls.textWithResult(call, pending) : "";
                widths[thread] = Math.max(widths[thread], cells[row][thread].length());
            }
        }
        for (String[] row : cells) {
            StringBuilder line = new StringBuilder();
            for (int thread = 0; thread < names.length; thread++) {
                line.append(thread == 0 ? "" : " | ").append(row[thread])
                        .append(" ".repeat(widths[thread] - row[thread].length()));
            }
            lines.add(line.toString().stripTrailing());
        }
        int after = plan.firstAfter();
        int end = calls.history.size();
        if (end > after) {
            lines.add("after: " + listed(calls, pending, after, end));
        }
        return lines;
    }

    private static String listed(Calls calls, String pending, int from, int to) {
        return IntStream.range(from, to).mapToObj(call -> calls.textWithResult(call, pending))
                .collect(Collectors.joining(", "));
    }
}
