package org.smp4j.explore.model;

/**
 * Prepares text of an explored program for a line of a report: Java escapes replace code points that would move a
 * terminal's cursor or break a table, or that are no characters. So a report is valid in every format.
 */
public final class PlainText {
    private PlainText() {
    }

    /**
     * Escapes a text for a line.
     *
     * @param text any text, or null
     * @return the escaped text; the same object if it needs no escapes
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
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> (point & 0xfffe) != 0xfffe; // the last two code points of each plane are no characters
        };
    }
}
