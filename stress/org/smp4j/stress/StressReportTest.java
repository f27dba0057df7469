package org.smp4j.stress;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.runners.TestConfig;
import org.openjdk.jcstress.infra.runners.TestList;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

/** What becomes of jcstress's results; and that the list of tests in README.md is complete. */
class StressReportTest {
    private static final String VOLATILE = HarnessControlStress.class.getName() + ".VolatileFlagsCannot";

    private static TestResult result(String name, Status status, Object... outcomesAndCounts) {
        TestResult result = new TestResult(status);
        for (int i = 0; i < outcomesAndCounts.length; i += 2) {
            result.addState((String) outcomesAndCounts[i], (int) outcomesAndCounts[i + 1]);
        }
        Options options = new Options(new String[0]);
        try {
            options.parse();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        result.setConfig(new TestConfig(options, TestList.getInfo(name), 0, List.of(), 0, null));
        return result;
    }

    private static StressReport report(TestResult... results) {
        List<TestResult> all = Arrays.asList(results);
        return StressReport.of(all, all.stream().map(TestResult::getName).toList());
    }

    private static TestResult goodControl() {
        return result(StressMain.CONTROL, Status.NORMAL, "0, 1", 10, "0, 0", 5);
    }

    @Test
    void goodRunPasses() {
        StressReport report = report(goodControl(), result(VOLATILE, Status.NORMAL, "1, 1", 7));
        assertThat(StressMain.problems(report)).isEmpty();
        assertThat(report.summary()).contains("2 tests, 2 passed, 0 failed; 2 configurations, 22 samples")
                .contains("1 of 1 seen").contains("33.3333 %  stress.HarnessControlStress.PlainFlagsCanBothBeMissed");
    }

    @Test
    void configurationsAreAddedUp() {
        StressReport report = report(goodControl(), goodControl());
        assertThat(report.count(StressMain.CONTROL, "0, 0")).isEqualTo(10);
        assertThat(report.tests().getFirst().configurations()).isEqualTo(2);
    }

    @Test
    void forbiddenOutcomeFails() {
        StressReport report = report(goodControl(), result(VOLATILE, Status.NORMAL, "0, 0", 1, "1, 1", 99));
        assertThat(StressMain.problems(report)).singleElement().asString().startsWith(VOLATILE).contains("0, 0");
    }

    @Test
    void unknownOutcomeFails() {
        assertThat(StressMain.problems(report(goodControl(), result(VOLATILE, Status.NORMAL, "7, 7", 1)))).hasSize(1);
    }

    @Test
    void hangFails() {
        assertThat(StressMain.problems(report(goodControl(), result(VOLATILE, Status.TIMEOUT_ERROR)))).singleElement()
                .asString()
                .contains("TIMEOUT_ERROR");
    }

    @Test
    void testThatNeverRanFails() {
        StressReport report = StressReport.of(List.of(goodControl()), List.of(StressMain.CONTROL, VOLATILE));
        assertThat(StressMain.problems(report)).singleElement().asString().contains(VOLATILE)
                .contains("has no samples");
    }

    @Test
    void silentControlFails() {
        assertThat(StressMain.problems(report(result(StressMain.CONTROL, Status.NORMAL, "0, 1", 10)))).singleElement()
                .asString()
                .contains("proves nothing");
    }

    @Test
    void xmlIsWellFormedAndCounts() throws Exception {
        StressReport.Test odd = new StressReport.Test("a.B.C<D>", 1, List.of("saw \"x\" & 'y' <z>", "more"), List.of());
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(new StressReport(List.of(odd)).junitXml())));
        Element suites = document.getDocumentElement();
        assertThat(suites.getAttribute("failures")).isEqualTo("1");
        Element test = (Element) document.getElementsByTagName("testcase").item(0);
        assertThat(test.getAttribute("classname") + " " + test.getAttribute("name")).isEqualTo("a.B C<D>");
        Element failure = (Element) document.getElementsByTagName("failure").item(0);
        assertThat(failure.getAttribute("message")).isEqualTo("saw \"x\" & 'y' <z>");
        assertThat(failure.getTextContent()).isEqualTo("saw \"x\" & 'y' <z>\nmore");
    }

    @Test
    void jsonEscapes() {
        StressReport.Test odd = new StressReport.Test("a.B", 1, List.of("saw \"x\"\n\\"), List.of());
        assertThat(new StressReport(List.of(odd)).json()).contains("\"saw \\\"x\\\"\\u000a\\\\\"")
                .contains("\"passed\": false");
    }

    @Test
    void readmeListsEveryTestOnce() throws IOException {
        Collection<String> tests = TestList.tests();
        assertThat(tests).hasSizeGreaterThanOrEqualTo(40);
        List<String> listed = Pattern.compile("(?m)^\\| `([\\w.]+)` \\|")
                .matcher(Files.readString(Path.of("stress/README.md"))).results()
                .map((MatchResult line) -> "org.smp4j." + line.group(1)).toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(tests);
    }
}
