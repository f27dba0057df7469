package org.smp4j.explore.report;

/**
 * How a report shows a run.
 *
 * @param width the number of columns of a line
 * @param all whether to show all steps in which strands meet, in columns, instead of the story
 */
public record ReportForm(int width, boolean all) {
    /** The form for a file, or for a program that reads the report. */
    public static final ReportForm DEFAULT = new ReportForm(120, false);
    /** The least width of a line. */
    public static final int LEAST_WIDTH = 60;

    /** Takes at least {@link #LEAST_WIDTH} columns. */
    public ReportForm {
        width = Math.max(LEAST_WIDTH, width);
    }
}
