package org.smp4j.explore.model;

/**
 * Text of a program that is explored, made fit for a line of a report: what would move a terminal's cursor, break a table, or is no character at all stands there
 * as an escape of Java's. So a report is valid in every format.
 */
public final class PlainText {
    private PlainText() {
    }

    /**
     * Makes a text fit for a line.
     *
     * @param text any text, or null
     * @return the same object if it is fit already
     */
    public static String of(String text) {
        if (text == null || text.codePoints().allMatch(PlainText::fit)) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(point -> append(plain, point));
        return plain.toString();
    }

    private static void append(StringBuilder plain, int point) {
        switch (point) {
            case '\n' -> plain.append("\\n");
            case '\r' -> plain.append("\\r");
            case '\t' -> plain.append("\\t");
            default -> {
                if (fit(point)) {
                    plain.appendCodePoint(point);
                } else {
                    for (char unit : Character.toChars(point)) {
                        plain.append("\\u%04x".formatted((int) unit));
                    }
                }
            }
        }
    }

    private static boolean fit(int point) {
        return switch (Character.getType(point)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> (point & 0xfffe) != 0xfffe; // the last two of each plane never are characters
        };
    }
}
