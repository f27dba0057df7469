package org.smp4j.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Text in columns. The heading and the expected rows determine the widths, so that rows can be printed one by one. */
public final class Table {
    private final List<String> heading;
    private final int[] widths;

    public Table(List<String> heading, List<List<String>> expected) {
        this.heading = heading;
        List<List<String>> all = new ArrayList<>(expected);
        all.add(heading);
        widths = new int[heading.size()];
        for (List<String> row : all) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
    }

    public String heading() {
        return row(heading);
    }

    public String row(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = cells.get(column);
            line.append(cell).append(" ".repeat(Math.max(0, widths[column] - cell.length()) + 2));
        }
        return line.toString().stripTrailing();
    }
}
