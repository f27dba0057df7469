package org.smp4j.page;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A chart of a page, with its figures: rows with a label or a number on the first axis, and a value for each series.
 *
 * @param title what it shows
 * @param kind how it is drawn
 * @param firstAxis what the rows stand for
 * @param secondAxis what the values are
 * @param logarithmic whether the axes are logarithmic, where they are numbers
 * @param series the names of the series
 * @param rows the rows
 */
public record Chart(String title, Kind kind, String firstAxis, String secondAxis, boolean logarithmic,
        List<String> series, List<Row> rows) {
    private static final int DIGITS = 3;

    /** How a chart is drawn. */
    public enum Kind {
        /** Lines over a number. */
        LINE,
        /** Points over a number. */
        SCATTER,
        /** A bar for each row. */
        BAR,
        /** For each row a bar from the first value to the third, with a point at the second; rows stand in lines. */
        RANGE
    }

    /**
     * A row.
     *
     * @param label the label, or the number on the first axis as text
     * @param values for each series the value; NaN for none
     */
    public record Row(String label, double... values) {
    }

    /** Copies the lists. */
    public Chart {
        series = List.copyOf(series);
        rows = List.copyOf(rows);
    }

    /** {@return the values for the template} */
    Map<String, Object> values() {
        Map<String, Object> values = new HashMap<>();
        values.put("title", title);
        values.put("kind", kind.name().toLowerCase(Locale.ROOT));
        values.put("firstAxis", firstAxis);
        values.put("secondAxis", secondAxis);
        values.put("logarithmic", logarithmic);
        values.put("size", kind == Kind.RANGE ? "long" : kind == Kind.BAR ? "small" : "wide");
        values.put("height", kind == Kind.RANGE ? 90 + 26 * rows.size() : 260);
        values.put("series", series);
        List<Map<String, Object>> lines = new ArrayList<>();
        for (Row row : rows) {
            lines.add(Map.of("label", row.label, "cells", Arrays.stream(row.values).mapToObj(Chart::number).toList()));
        }
        values.put("rows", lines);
        return values;
    }

    /** {@return a number with at least three digits that count, as scripts and people read it; empty for none} */
    static String number(double value) {
        if (Double.isNaN(value)) {
            return "";
        }
        if (value == Math.rint(value) || Math.abs(value) >= 1000) {
            return Long.toString(Math.round(value));
        }
        return new BigDecimal(value).round(new MathContext(DIGITS)).stripTrailingZeros().toPlainString();
    }
}
