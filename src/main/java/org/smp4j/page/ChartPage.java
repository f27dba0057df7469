package org.smp4j.page;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/**
 * A page of charts, each with its figures as a table. Chart.js draws them; the file holds it, with its licence, and
 * needs no network.
 *
 * @param title the title
 * @param verdict the outcome in a few words; empty for none
 * @param bad whether that is a failure
 * @param facts what was done, by name
 * @param tables tables of figures without a chart
 * @param lists lists of lines, such as warnings
 * @param charts the charts
 */
public record ChartPage(String title, String verdict, boolean bad, List<Fact> facts, List<Figures> tables,
        List<Lines> lists, List<Chart> charts) {
    private static final String WEBJAR = "/META-INF/resources/webjars/chart.js/";
    private static final String SCRIPT = "dist/chart.umd.min.js";
    private static final String VERSION = "/META-INF/maven/org.webjars.npm/chart.js/pom.properties";

    /**
     * Something that was done or found.
     *
     * @param name its name
     * @param value its value
     */
    public record Fact(String name, String value) {
    }

    /**
     * A table of figures.
     *
     * @param title what it shows
     * @param columns the names of the columns
     * @param rows the rows, each with a cell for each column
     */
    public record Figures(String title, List<String> columns, List<List<String>> rows) {
    }

    /**
     * Lines of text.
     *
     * @param title what they are
     * @param lines the lines
     * @param none what stands in their place if there is none
     */
    public record Lines(String title, List<String> lines, String none) {
    }

    /** Copies the lists. */
    public ChartPage {
        facts = List.copyOf(facts);
        tables = List.copyOf(tables);
        lists = List.copyOf(lists);
        charts = List.copyOf(charts);
    }

    /**
     * Writes the page.
     *
     * @param file the file
     * @throws IOException if it can't be written, or Chart.js is not on the class path
     */
    public void write(Path file) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        Files.writeString(file, html());
    }

    private String html() throws IOException {
        Properties webjar = new Properties();
        webjar.load(new java.io.StringReader(Templates.text(VERSION)));
        String library = WEBJAR + webjar.getProperty("version") + "/";
        Map<String, Object> values = new HashMap<>();
        values.put("title", title);
        values.put("verdict", verdict);
        values.put("bad", bad);
        values.put("facts", facts);
        values.put("tables", tables);
        values.put("lists", lists);
        values.put("charts", charts.stream().map(Chart::values).toList());
        values.put("style", Templates.text("page.css") + Templates.text("charts.css"));
        values.put("licence", Templates.text(library + "LICENSE.md"));
        values.put("library", Templates.text(library + SCRIPT).replaceAll("//# sourceMapp.*", ""));
        values.put("script", Templates.text("charts.js"));
        return Templates.fill("charts.html", values);
    }
}
