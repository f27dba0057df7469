package org.smp4j.cli;

import java.io.PrintWriter;
import java.util.List;

/** Text in columns. */
final class Tables {
    private Tables() {
    }

    /** Prints rows, the first of them the heading; every column as wide as it has to be. */
    static void print(PrintWriter out, List<String[]> rows) {
        int[] widths = new int[rows.getFirst().length];
        for (String[] row : rows) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row[column].length());
            }
        }
        for (String[] row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                line.append(row[column]).append(" ".repeat(widths[column] - row[column].length() + 2));
            }
            out.println(line.toString().stripTrailing());
        }
    }
}
