package org.smp4j.campaign;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.smp4j.campaign.json.ManifestJson;

/** The report of a campaign as files. */
public final class CampaignReports {
    private CampaignReports() {
    }

    /**
     * Writes {@code report.txt}, {@code report.json} and {@code report.html}, and copies the pages that it names.
     *
     * @param report the report
     * @param shards the folder with the shards
     * @param folder the folder to write to
     * @throws IOException if one can't be written
     */
    public static void write(CampaignReport report, Path shards, Path folder) throws IOException {
        copyPages(report, shards, folder);
        ManifestJson.write(folder.resolve("report.txt"), report.text());
        ManifestJson.write(folder.resolve("report.json"), ManifestJson.text(report));
        ManifestJson.write(folder.resolve("report.html"), html(report));
    }

    /** Copies the pages that a report names to the folder that the report is written to. */
    private static void copyPages(CampaignReport report, Path from, Path to) throws IOException {
        List<String> names = report.stories().stream().map(found -> found.story().page()).filter(page -> page != null)
                .toList();
        for (String name : names) {
            if (Files.exists(from.resolve(name)) && !Files.exists(to.resolve(name))) {
                Files.createDirectories(to);
                Files.copy(from.resolve(name), to.resolve(name));
            }
        }
    }

    /** {@return the report as one HTML file that needs no other} */
    static String html(CampaignReport report) {
        List<Map<String, Object>> works = new ArrayList<>();
        for (CampaignReport.OfWork work : report.works()) {
            boolean passed = work.asExpected() == work.units();
            works.add(Map.of("title", work.title(), "verdict", passed ? "passed" : "FAILED", "class",
                    passed ? "passed" : "failed", "units", work.asExpected() + " of " + work.units(), "seeds",
                    work.firstSeed() + " to " + (work.firstSeed() + work.units() - 1), "lines",
                    CampaignReport.lines(work)));
        }
        List<Map<String, Object>> stories = report.stories().stream().map(found -> Map.<String, Object>of("heading",
                CampaignReport.heading(found), "rule", found.story().rule(), "text", found.story().text(), "pages",
                Stream.ofNullable(found.story().page()).toList())).toList();
        try (InputStream stream = CampaignReports.class.getResourceAsStream("report.html.mustache")) {
            String template = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return Mustache.compiler().compile(template).execute(Map.of("report", report, "verdict",
                    report.passed() ? "passed" : "FAILED", "works", works, "stories", stories, "found",
                    !stories.isEmpty()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The results of one work.
     *
     * @param report the report
     * @param work the work
     * @return its numbers, and the failures that were found
     */
    public static String text(CampaignReport report, CampaignReport.OfWork work) {
        StringBuilder text = new StringBuilder();
        CampaignReport.lines(work).forEach(line -> text.append(line).append('\n'));
        for (CampaignReport.Found found : report.stories()) {
            if (found.work().equals(work.title())) {
                text.append(CampaignReport.heading(found)).append(":\n").append(found.story().text()).append('\n');
            }
        }
        return text.toString();
    }
}
