package org.smp4j.cli;

import java.util.List;
import java.util.StringJoiner;
import org.smp4j.explore.Report;
import org.smp4j.race.Fixed;
import org.smp4j.race.Trial;

/** What came of races, as JSON, without times: the same run prints the same. */
final class RacesJson {
    private RacesJson() {
    }

    static String of(List<Trial> trials) {
        StringJoiner all = new StringJoiner(",\n  ", "[\n  ", "\n]");
        for (Trial trial : trials) {
            Fixed facts = trial.entry().facts();
            StringJoiner one = new StringJoiner(", ", "{", "}");
            one.add(field("race", facts.slug())).add(field("hash", facts.hash())).add(field("certainty", facts.certainty().name()))
                    .add("\"year\": " + facts.year()).add("\"cpus\": " + facts.cpus()).add(field("symptom", facts.symptom()))
                    .add("\"ok\": " + (trial.found() && trial.cleared()));
            if (trial.buggy() != null) {
                one.add("\"buggy\": " + report(trial.buggy()));
            }
            if (trial.fixed() != null) {
                one.add("\"fixed\": " + report(trial.fixed()));
            }
            all.add(one.toString());
        }
        return all.toString();
    }

    private static String report(Report report) {
        StringJoiner json = new StringJoiner(", ", "{", "}");
        json.add(field("strategy", report.strategy())).add("\"seed\": " + report.seed()).add("\"schedules\": " + report.schedules())
                .add("\"steps\": " + report.steps()).add("\"complete\": " + report.complete()).add(field("claim", report.claim()));
        if (report.failure() != null) {
            json.add(field("rule", report.failure().rule())).add(field("message", report.failure().message()))
                    .add("\"schedule\": " + report.failedSchedule()).add("\"switches\": " + report.switches());
            if (report.token() != null) {
                json.add(field("token", report.token()));
            }
        }
        return json.toString();
    }

    private static String field(String name, String value) {
        return quoted(name) + ": " + quoted(value);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            switch (c) {
                case '"', '\\' -> quoted.append('\\').append(c);
                case '\n' -> quoted.append("\\n");
                default -> {
                    if (c < ' ') {
                        quoted.append("\\u%04x".formatted((int) c));
                    } else {
                        quoted.append(c);
                    }
                }
            }
        }
        return quoted.append('"').toString();
    }
}
