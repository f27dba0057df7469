package org.smp4j.campaign.work;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.smp4j.explore.Report;

/** What a campaign keeps of the report of an exploration. */
final class Explorations {
    private Explorations() {
    }

    /** {@return the failure of a report as a story, or none} */
    static Optional<Story> story(Report report) {
        if (report.passed()) {
            return Optional.empty();
        }
        String rule = report.failure().rule();
        String steps = report.lines().isEmpty() ? report.failure().message() : String.join("\n", report.lines());
        return Optional.of(new Story(rule + "\n" + steps, rule, report.text(), report.token()));
    }

    /** {@return the numbers of a report that add up} */
    static Map<String, Long> counts(Report report) {
        Map<String, Long> counts = new TreeMap<>(Map.of("schedules", report.schedules(), "steps", report.steps()));
        if (report.cut() > 0) {
            counts.put("schedules cut at the step limit", report.cut());
        }
        if (report.complete()) {
            counts.put("searches completed", 1L);
        }
        report.notes().forEach(note -> counts.merge("note: " + note, 1L, Long::sum));
        return counts;
    }
}
