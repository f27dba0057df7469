package org.smp4j.page;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.smp4j.explore.Explorer;
import org.smp4j.explore.Report;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.replay.RunRecorder;
import org.smp4j.explore.report.RunRecord;
import org.smp4j.explore.run.Program;
import org.smp4j.linear.LinearReport;
import org.smp4j.linear.check.Linearizability;

/**
 * A failing run as a page to step through: a lane for each CPU or thread, time downwards, and the state after each
 * step.
 */
public final class RunPage {
    private static final int MOST_ROWS = 10_000;

    /** A failing run. */
    private record Failing(Program program, String token) {
    }

    private RunPage() {
    }

    /**
     * Writes the page of a failure. The run is made once more for it, and that before shrinking as well.
     *
     * @param program the program
     * @param report the failure
     * @param file the file
     * @param progress ends it early
     * @throws IOException if the file can't be written
     * @throws ExplorerException if the run can't be made again
     */
    public static void write(Program program, Report report, Path file, Explorer.Progress progress)
            throws IOException {
        write(html(program, report, progress), file);
    }

    private static void write(String page, Path file) throws IOException {
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        Files.writeString(file, page);
    }

    /**
     * As {@link #write}, for a caller that has reported the failure already: what goes wrong is no error.
     *
     * @param program the program
     * @param report the failure
     * @param file the file
     * @param progress ends it early
     * @return a line that names the file, or says why there is none
     */
    public static String writeOrSay(Program program, Report report, Path file, Explorer.Progress progress) {
        return writeOrSay(() -> html(program, report, progress), file);
    }

    private static String writeOrSay(Supplier<String> page, Path file) {
        try {
            write(page.get(), file);
            return "page to step through it: " + file.toAbsolutePath();
        } catch (IOException | ExplorerException e) {
            return "no page to step through it: " + e.getMessage();
        } catch (NoClassDefFoundError e) { // the template engine is optional for users of the library
            return "no page to step through it: com.samskivert:jmustache is not on the class path";
        }
    }

    /**
     * Makes the page of a failure. The run is made once more for it, and that before shrinking as well.
     *
     * @param program the program
     * @param report the failure
     * @param progress ends it early
     * @return the page, as HTML
     * @throws ExplorerException if the run can't be made again
     */
    public static String html(Program program, Report report, Explorer.Progress progress) {
        return html(program, report, Map.of(), progress);
    }

    /**
     * As {@link #writeOrSay(Program, Report, Path, Explorer.Progress)}, of the run that a token stands for.
     *
     * @param program the program
     * @param token the token of a failure
     * @param file the file
     * @param progress ends it early
     * @return a line that names the file, or says why there is none
     */
    public static String writeOrSay(Program program, String token, Path file, Explorer.Progress progress) {
        return writeOrSay(() -> html(program, Explorer.replay(program, token, false, progress), null, Map.of(),
                progress), file);
    }

    /**
     * As {@link #writeOrSay(Program, Report, Path, Explorer.Progress)}, of operations that are not linearizable.
     *
     * @param target the class under test
     * @param report the failure
     * @param file the file
     * @param progress ends it early
     * @return a line that names the file, or says why there is none
     */
    public static String writeOrSay(Linearizability.Target target, LinearReport report, Path file,
            Explorer.Progress progress) {
        String unshrunk = report.unshrunk();
        if (unshrunk == null) {
            return writeOrSay(Linearizability.program(target, report.token()), report.token(), file, progress);
        }
        return writeOrSay(() -> {
            Program program = Linearizability.program(target, report.token());
            return html(program, Explorer.replay(program, report.token(), false, progress),
                    new Failing(Linearizability.program(target, unshrunk), unshrunk),
                    Map.of("found", report.shrinking()), progress);
        }, file);
    }

    /** {@return the page, with what else its template shall say, by tag} */
    static String html(Program program, Report report, Map<String, Object> more, Explorer.Progress progress) {
        Map<String, Object> values = new HashMap<>(more);
        values.put("found", report.failedSchedule() == 0
                ? "in run " + report.surveyed() + " of those before the first schedule"
                : "in schedule " + report.failedSchedule() + " of seed " + report.seed());
        return html(program, report, report.unshrunk() == null ? null : new Failing(program, report.unshrunk()),
                values, progress);
    }

    private static String html(Program program, Report report, Failing other, Map<String, Object> more,
            Explorer.Progress progress) {
        RunRecorder.Recorded recorded = Explorer.record(program, report.token(), true, progress);
        RunRecord unshrunk = other == null || other.token.equals(report.token()) ? null
                : Explorer.record(other.program, other.token, false, progress).run();
        Map<String, Object> values = new HashMap<>(more);
        values.put("title", report.scenario() + ": " + recorded.failure().rule());
        values.put("scenario", report.scenario());
        values.put("rule", recorded.failure().rule());
        values.put("message", recorded.failure().message());
        values.put("details", recorded.failure().details());
        values.put("token", report.token());
        values.put("story", String.join("\n", report.lines()));
        values.put("style", Templates.text("page.css"));
        values.put("script", Templates.text("run.js"));
        values.put("table", table(recorded.run(), recorded.failure().message()));
        values.put("unshrunk", unshrunk == null ? null : packed(table(unshrunk, recorded.failure().message())));
        return Templates.fill("run.html", values);
    }

    /** The steps of a run as a table, which the page's script completes with arrows and bands. */
    private static String table(RunRecord run, String broken) {
        List<Map<String, Object>> rows = new ArrayList<>();
        List<RunRecord.Row> all = run.rows();
        int first = Math.max(0, all.size() - MOST_ROWS);
        Map<String, Map<String, String>> before = new LinkedHashMap<>();
        all.subList(0, first).forEach(row -> merge(row.changes(), before));
        for (int i = first; i < all.size(); i++) {
            RunRecord.Row row = all.get(i);
            Map<String, Object> values = new HashMap<>();
            values.put("index", i - first);
            values.put("number", row.number());
            values.put("classes", (row.handler() ? "handler " : "") + (row.departure().isEmpty() ? "" : "forced ")
                    + (row.rank() < 1 && row.departure().isEmpty() && i < all.size() - 1 ? "minor" : "")
                    + (row.rank() >= 2 ? "telling" : ""));
            values.put("before", new Object[run.columns().indexOf(row.column())]);
            values.put("after", new Object[run.columns().size() - 1 - run.columns().indexOf(row.column())]);
            values.put("actor", row.actor().equals(row.column()) ? "" : row.actor());
            values.put("text", row.text());
            values.put("departure", row.departure());
            values.put("where", where(row));
            values.put("lane", run.columns().indexOf(row.column()));
            values.put("arrow", row.from() < first ? "" : row.arrow());
            values.put("from", row.from() - first);
            if (i == first) {
                merge(row.changes(), before);
            }
            values.put("changes", changes(i == first ? before : row.changes()));
            values.put("broken", i == all.size() - 1 ? broken : null);
            rows.add(values);
        }
        Map<String, Object> values = new HashMap<>();
        values.put("columns", run.columns());
        values.put("count", run.columns().size());
        values.put("rows", rows);
        values.put("bands", bands(run.bands()));
        values.put("shades", changes(Map.of("", run.shades())));
        values.put("left", first == 0 ? null : first);
        return Templates.fill("table.html", values);
    }

    private static void merge(Map<String, Map<String, String>> changes, Map<String, Map<String, String>> into) {
        changes.forEach((column, aspects) -> into.computeIfAbsent(column, _ -> new LinkedHashMap<>()).putAll(aspects));
    }

    private static String bands(Map<String, Set<String>> bands) {
        return new TreeMap<>(bands).entrySet().stream()
                .map(band -> band.getKey() + "¬" + String.join("¬", new TreeSet<>(band.getValue())))
                .collect(Collectors.joining("¦"));
    }

    private static String where(RunRecord.Row row) {
        return row.place().isEmpty() ? row.user() : row.user().isEmpty() || row.place().contains(row.user())
                ? row.place() : row.place() + ", from " + row.user();
    }

    /** Changes of the state on one line, which the page's script takes apart: fields by unit, entries by record. */
    private static String changes(Map<String, Map<String, String>> changes) {
        StringBuilder text = new StringBuilder();
        changes.forEach((column, aspects) -> aspects.forEach((aspect, value) -> text.append(text.isEmpty() ? "" : "¦")
                .append(column).append('¬').append(aspect).append('¬').append(Objects.toString(value))));
        return text.toString();
    }

    private static String packed(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
