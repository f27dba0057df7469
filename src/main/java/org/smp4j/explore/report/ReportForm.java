package org.smp4j.explore.report;

/**
 * How a report shows a run.
 *
 * @param width the number of columns of a line
 * @param all whether to show all steps in which strands meet, in columns, instead of the story
 * @param steps whether to show steps at all; without, the program is not loaded once more to see values
 */
public record ReportForm(int width, boolean all, boolean steps) {
    /** The form for a file, or for a program that reads the report. */
    public static final ReportForm DEFAULT = new ReportForm(120, false);
    /** The form where only the broken rule and the counts matter. */
    public static final ReportForm WITHOUT_STEPS = new ReportForm(120, false, false);
    /** The least width of a line. */
    public static final int LEAST_WIDTH = 60;

    /** A form that shows steps. */
    public ReportForm(int width, boolean all) {
        this(width, all, true);
    }

    /** Takes at least {@link #LEAST_WIDTH} columns. */
    public ReportForm {
        width = Math.max(LEAST_WIDTH, width);
    }
}
