package org.smp4j.stress;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;
import org.openjdk.jcstress.infra.grading.TestGrading;

/** What a run of jcstress has found, by test, and its three forms: JUnit's XML, JSON, and a summary to be read. */
record StressReport(List<Test> tests) {
    private static final String HOUSE = "org.smp4j.";

    /**
     * An outcome of a test, over all of its configurations.
     *
     * @param id the results
     * @param expect what the test expects of it
     * @param count in how many samples it was seen
     * @param description what it means
     */
    record Outcome(String id, Expect expect, long count, String description) {
    }

    /**
     * A test, over all of its configurations.
     *
     * @param name the class, nested in another, with dots
     * @param configurations how many ran
     * @param problems why it did not pass; empty if it did
     * @param outcomes what it expects and what was seen
     */
    record Test(String name, int configurations, List<String> problems, List<Outcome> outcomes) {
        boolean passed() {
            return problems.isEmpty();
        }

        long samples() {
            return outcomes.stream().mapToLong(Outcome::count).sum();
        }

        /** {@return how often an outcome of that kind was seen} */
        long count(Expect expect) {
            return outcomes.stream().filter(outcome -> outcome.expect == expect).mapToLong(Outcome::count).sum();
        }

        /** {@return whether it has outcomes that are there to be seen, as weakened twins have} */
        boolean isTwin() {
            return outcomes.stream().anyMatch(outcome -> outcome.expect == Expect.ACCEPTABLE_INTERESTING);
        }

        String outer() {
            return name.substring(0, name.lastIndexOf('.'));
        }

        String nested() {
            return name.substring(name.lastIndexOf('.') + 1);
        }

        String shortName() {
            return name.startsWith(HOUSE) ? name.substring(HOUSE.length()) : name;
        }
    }

    /**
     * Makes a report of jcstress's results.
     *
     * @param results one for each test and configuration
     * @param wanted the tests that were to run; those without a sample have failed
     */
    static StressReport of(Collection<TestResult> results, Collection<String> wanted) {
        Map<String, List<TestResult>> byName = new TreeMap<>();
        wanted.forEach(name -> byName.put(name, new ArrayList<>()));
        results.forEach(result -> byName.computeIfAbsent(result.getName(), name -> new ArrayList<>()).add(result));
        List<Test> tests = new ArrayList<>();
        byName.forEach((name, configurations) -> tests.add(test(name, configurations)));
        return new StressReport(List.copyOf(tests));
    }

    private static Test test(String name, List<TestResult> configurations) {
        List<String> problems = new ArrayList<>();
        Map<String, Outcome> outcomes = new TreeMap<>();
        for (TestResult result : configurations) {
            if (result.status() != Status.NORMAL) {
                problems.add("ended with " + result.status() + ": " + String.join("; ", result.getMessages()));
                continue;
            }
            TestGrading grading = result.grading();
            if (!grading.isPassed) {
                problems.addAll(grading.failureMessages);
            }
            for (GradingResult seen : grading.gradingResults.values()) {
                outcomes.merge(seen.id, new Outcome(seen.id, seen.expect, seen.count, seen.description),
                        StressReport::sum);
            }
        }
        Test test = new Test(name, configurations.size(), problems, List.copyOf(outcomes.values()));
        if (problems.isEmpty() && test.samples() == 0) {
            problems.add("has no samples: not one of its configurations ran (more actors than CPUs?)");
        }
        return test;
    }

    private static Outcome sum(Outcome one, Outcome other) {
        return new Outcome(one.id, one.expect, one.count + other.count, one.description);
    }

    List<Test> failed() {
        return tests.stream().filter(test -> !test.passed()).toList();
    }

    /** {@return how often a test had an outcome} */
    long count(String name, String id) {
        return tests.stream().filter(test -> test.name.equals(name)).flatMap(test -> test.outcomes.stream())
                .filter(outcome -> outcome.id.equals(id)).mapToLong(Outcome::count).sum();
    }

    /** {@return the lines that a run ends with: how many passed, and which twins showed what they are there for} */
    String summary() {
        List<Test> twins = tests.stream().filter(Test::isTwin).toList();
        StringBuilder text = new StringBuilder();
        text.append(line("Weak outcomes, %d of %d seen on this hardware:",
                twins.stream().filter(test -> test.count(Expect.ACCEPTABLE_INTERESTING) > 0).count(), twins.size()));
        for (Test twin : twins) {
            long seen = twin.count(Expect.ACCEPTABLE_INTERESTING);
            text.append(seen == 0 ? line("  not seen           %s", twin.shortName())
                    : line("  seen in %8.4f %%  %s", 100.0 * seen / twin.samples(), twin.shortName()));
        }
        for (Test test : failed()) {
            text.append(line("FAILED %s: %s", test.shortName(), String.join("; ", test.problems)));
        }
        text.append(line("jcstress: %d tests, %d passed, %d failed; %d configurations, %d samples", tests.size(),
                tests.size() - failed().size(),
                failed().size(), tests.stream().mapToInt(Test::configurations).sum(), tests.stream()
                .mapToLong(Test::samples).sum()));
        return text.toString();
    }

    private static String line(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments) + "\n";
    }

    /** {@return the report in the form that JUnit's runners write: a suite for each class, a case for each test} */
    String junitXml() {
        Map<String, List<Test>> suites = new TreeMap<>();
        tests.forEach(test -> suites.computeIfAbsent(test.outer(), outer -> new ArrayList<>()).add(test));
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        xml.append(line("<testsuites tests=\"%d\" failures=\"%d\">", tests.size(), failed().size()));
        suites.forEach((outer, suite) -> {
            xml.append(line("  <testsuite name=\"%s\" tests=\"%d\" failures=\"%d\" errors=\"0\" skipped=\"0\">",
                    xml(outer), suite.size(), suite.stream().filter(test -> !test.passed()).count()));
            for (Test test : suite) {
                xml.append(line("    <testcase classname=\"%s\" name=\"%s\">", xml(outer), xml(test.nested())));
                if (!test.passed()) {
                    xml.append(line("      <failure message=\"%s\">%s</failure>", xml(test.problems.getFirst()),
                            xml(String.join("\n", test.problems))));
                }
                xml.append("      <system-out>");
                test.outcomes.forEach(outcome ->
                        xml.append(xml(line("%s: %d, %s: "
                                + "%s", outcome.id, outcome.count, outcome.expect, outcome.description))));
                xml.append("</system-out>\n    </testcase>\n");
            }
            xml.append("  </testsuite>\n");
        });
        return xml.append("</testsuites>\n").toString();
    }

    private static String xml(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\n', '\t' -> escaped.append((char) c);
                default -> escaped.appendCodePoint(c < ' ' ? '?' : c);
            }
        });
        return escaped.toString();
    }

    /** {@return the report as JSON: an array of tests} */
    String json() {
        List<String> lines = new ArrayList<>();
        for (Test test : tests) {
            List<String> outcomes = test.outcomes.stream()
                    .map(outcome -> "{\"id\": %s, \"expect\": \"%s\", \"count\": %d, \"description\": %s}".formatted(
                    json(outcome.id), outcome.expect, outcome.count, json(outcome.description))).toList();
            lines.add(("  {\"name\": %s, \"passed\": %b, \"configurations\": %d, \"samples\": %d, \"problems\": %s,\n"
                    + "   \"outcomes\": [\n    %s]}").formatted(
                    json(test.name), test.passed(), test.configurations, test.samples(), test.problems.stream()
                    .map(StressReport::json).toList(), String.join(",\n    ", outcomes)));
        }
        return "{\"tests\": [\n" + String.join(",\n", lines) + "\n]}\n";
    }

    private static String json(String text) {
        StringBuilder escaped = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                escaped.append('\\').append((char) c);
            } else if (c < ' ') {
                escaped.append("\\u%04x".formatted(c));
            } else {
                escaped.append((char) c);
            }
        });
        return escaped.append('"').toString();
    }
}
