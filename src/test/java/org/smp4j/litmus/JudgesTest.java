package org.smp4j.litmus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.litmus.parse.LitmusParser;
import org.smp4j.litmus.program.Expression;
import org.smp4j.litmus.program.Instruction;
import org.smp4j.litmus.program.LitmusTest;
import org.smp4j.litmus.program.ThreadCode;
import org.smp4j.litmus.search.LitmusResult;
import org.smp4j.litmus.search.LitmusSearch;
import org.smp4j.litmus.search.SearchOptions;

/**
 * Compares the model with the results of other tools on other people's tests. The folder with these is named by the
 * system property {@code smp4j.litmus.judges}: for each suite {@code SUITE.litmus.txt}, with a line {@code @@ name}
 * before each test, and {@code SUITE.csv} with a line for each. Without it this class is left out.
 */
class JudgesTest {
    private static final String FOLDER = System.getProperty("smp4j.litmus.judges");

    private static final String GONE = "AdvancedJMM_02_MultiCopyAtomic.FullyFencedIRIWTest"; // JAM21 forbids it
    private static final Path SAMPLES = Path.of("src/test/resources/litmus/jcstress.litmus.txt");

    private final TestReporter reporter;

    JudgesTest(TestReporter reporter) {
        this.reporter = reporter;
    }

    @BeforeEach
    void needsTheFolder() {
        assumeTrue(FOLDER != null, "The judges of the memory model are left out: -Dsmp4j.litmus.judges=FOLDER names "
                + "the folder with their tests and results");
    }

    /** One disagreement. */
    private record Difference(String test, String ours, String theirs) {
    }

    /** What came of a suite. */
    private final class Suite {
        final String name;
        final Map<String, String> results = new LinkedHashMap<>();
        final List<Difference> differences = new ArrayList<>();
        final List<String> refused = new ArrayList<>();
        final Map<String, Integer> classes = new TreeMap<>();
        final List<String> unexplained = new ArrayList<>();
        int compared;

        Suite(String name) throws IOException {
            this.name = name;
            Files.readAllLines(Path.of(FOLDER, name + ".csv")).stream().skip(1).forEach(line -> {
                int comma = line.indexOf(',');
                results.put(line.substring(0, comma), line.substring(comma + 1));
            });
        }

        List<LitmusParser.Named> tests() throws IOException {
            List<LitmusParser.Named> tests = new ArrayList<>();
            for (LitmusParser.Named named : LitmusParser.parseAll(
                    Files.readString(Path.of(FOLDER, name + ".litmus.txt")))) {
                if (named.test() == null) {
                    refused.add(named.name() + " " + named.refusal().getMessage());
                } else if (results.containsKey(named.name())) {
                    tests.add(named);
                }
            }
            return tests;
        }

        void compare(String test, String ours, String theirs) {
            compared++;
            if (!ours.equals(theirs)) {
                differences.add(new Difference(test, ours, theirs));
            }
        }

        /** If the last test differs: by what. */
        void explain(LitmusTest test, Function<List<LitmusResult>, String> result, String theirs) {
            if (!differences.isEmpty() && differences.getLast().theirs().equals(theirs)
                    && !result.apply(List.of(search(test))).equals(theirs)) {
                String what = Differences.explanation(test, result, theirs);
                what = what == null && test.threads().stream().anyMatch(JudgesTest::dereferences)
                        ? "an address depends on a read" : what;
                classes.merge(what == null ? "not explained" : what, 1, Integer::sum);
                if (what == null) {
                    unexplained.add(test.name());
                }
            }
        }

        String explanations() {
            StringBuilder text = new StringBuilder();
            classes.forEach((what, count) -> text.append("\n  ").append(count).append(": ").append(what));
            return text.toString();
        }

        double agreement() {
            return 1 - (differences.size() + refused.size()) / (double) (compared + refused.size());
        }

        void report(String more) {
            StringBuilder text = new StringBuilder(name + ": " + (compared - differences.size()) + " of " + compared
                    + " as they should be, " + refused.size() + " refused" + more);
            differences.forEach(difference -> text.append("\n  ").append(difference.test()).append(": ")
                    .append(difference.ours()).append(", expected ").append(difference.theirs()));
            refused.forEach(line -> text.append("\n  refused: ").append(line));
            reporter.publishEntry(name, text.toString());
        }
    }

    private static LitmusResult search(LitmusTest test) {
        return search(test, SearchOptions.DEFAULT);
    }

    private static LitmusResult search(LitmusTest test, SearchOptions options) {
        return LitmusSearch.search(test, options, () -> false);
    }

    private static String statesOfAll(List<LitmusResult> results) {
        return states(results.stream().flatMap(result -> result.states().stream()).distinct()
                .collect(Collectors.joining(" | ")));
    }

    /** {@return states in one order and notation} */
    private static String states(String states) {
        TreeSet<String> all = new TreeSet<>();
        for (String state : states.split("\\|")) {
            TreeSet<String> parts = new TreeSet<>();
            Arrays.stream(state.replaceAll("[\\[\\]]", "").split(";")).map(String::strip)
                    .filter(part -> !part.isEmpty()).forEach(parts::add);
            all.add(parts.toString());
        }
        return all.toString();
    }

    private static String states(LitmusResult result) {
        return states(String.join("|", result.states()));
    }

    private static String column(String row, int column) {
        return row.split(",", -1)[column];
    }

    private static String from(String row, int column) {
        return row.split(",", column + 1)[column];
    }

    @Test
    void randomTestsOfAccessModesHaveTheStatesOfJam21() throws IOException {
        Suite suite = new Suite("jam21-random");
        for (LitmusParser.Named named : suite.tests()) {
            suite.compare(named.name(), states(search(named.test())), states(suite.results.get(named.name())));
        }
        suite.report("");
        assertThat(suite.compared).isPositive();
        assertThat(suite.differences).isEmpty();
        assertThat(suite.refused).isEmpty();
    }

    /** All but two: initial values have no part in its coherence of reads, and plain accesses may buffer loads. */
    @Test
    void testsOfJam21HaveItsStates() throws IOException {
        Suite suite = new Suite("jam21");
        for (LitmusParser.Named named : suite.tests()) {
            String row = suite.results.get(named.name());
            if (!column(row, 0).equals("timeout")) {
                suite.compare(named.name(), states(search(named.test())), states(from(row, 3)));
            }
        }
        suite.report("");
        assertThat(suite.compared).isPositive();
        assertThat(suite.differences).extracting(difference -> difference.test().replaceFirst(".*/", ""))
                .isSubsetOf("W+RR.litmus", "cyc_na.litmus");
        assertThat(suite.refused).isEmpty();
    }

    private static String reachable(LitmusResult result) {
        return result.holds() ? "1" : "0";
    }

    private static String reachable(List<LitmusTest> ways) {
        List<LitmusResult> results = ways.stream().map(JudgesTest::search).toList();
        return ways.getFirst().condition().quantifier().holds(
                results.stream().mapToLong(LitmusResult::positive).sum(),
                results.stream().mapToLong(LitmusResult::negative).sum()) ? "1" : "0";
    }

    /** All but one: a relaxed store after an exchange that acquires publishes what was acquired. */
    @Test
    void testsOfC11HaveTheVerdictsOfRc11() throws IOException {
        Suite suite = new Suite("rc11");
        for (LitmusParser.Named named : suite.tests()) {
            suite.compare(named.name(), reachable(search(named.test())), column(suite.results.get(named.name()), 0));
        }
        suite.report("");
        assertThat(suite.compared).isPositive();
        assertThat(suite.differences).extracting(Difference::test).isSubsetOf("manual/imm-R2-alt.litmus");
        assertThat(suite.refused).isEmpty();
    }

    @Test
    void testsOfTheKernelHaveTheStatesOfHerd() throws IOException {
        Suite suite = new Suite("herd-linux");
        for (LitmusParser.Named named : suite.tests()) {
            String theirs = states(from(suite.results.get(named.name()), 1));
            suite.compare(named.name(), states(search(named.test())), theirs);
            suite.explain(named.test(), JudgesTest::statesOfAll, theirs);
        }
        suite.report(suite.explanations());
        assertThat(suite.unexplained).isEmpty();
        assertThat(suite.compared).isPositive();
        assertThat(suite.agreement()).isGreaterThanOrEqualTo(0.9);
    }

    /** A program that GenMC has no execution of has an assumption that never holds, or does here. */
    @Test
    void programsHaveTheNumberOfExecutionsOfGenMc() throws IOException {
        Suite suite = new Suite("genmc-counts");
        for (LitmusParser.Named named : suite.tests()) {
            LitmusResult result = search(named.test());
            long ours = result.positive() + result.negative();
            long theirs = Long.parseLong(column(suite.results.get(named.name()), 0));
            suite.compare(named.name(), Long.toString(ours), Long.toString(theirs));
            suite.explain(named.test(), results -> Long.toString(results.stream()
                    .mapToLong(each -> each.positive() + each.negative()).sum()), Long.toString(theirs));
            assertThat(ours).as(named.name()).isLessThanOrEqualTo(3 * Math.max(1, theirs));
        }
        suite.report(suite.explanations());
        assertThat(suite.unexplained).isEmpty();
        assertThat(suite.compared).isPositive();
        assertThat(suite.agreement()).isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void racesOfTheKernelAreFoundAndTheirFixesHold() throws IOException {
        Suite suite = new Suite("races");
        for (LitmusParser.Named named : suite.tests()) {
            String expected = column(suite.results.get(named.name()), 0);
            LitmusResult result = search(named.test());
            suite.compare(named.name(), result.positive() > 0 ? "reachable" : "never", expected);
            if (expected.equals("reachable")) {
                assertThat(result.witness().departures()).as(named.name()).isEqualTo(1);
                assertThat(search(named.test(), SearchOptions.DEFAULT.withModel(MemoryModel.SC)).positive())
                        .as(named.name()).isZero();
            }
        }
        suite.report("");
        assertThat(suite.compared).isPositive();
        assertThat(suite.differences).isEmpty();
        assertThat(suite.refused).isEmpty();
    }

    /**
     * What a sample of jcstress calls interesting is found, what it forbids is not, and nothing else comes out. If it
     * calls all other outcomes interesting, one of them is found. One outcome is there to show that it is gone.
     */
    @Test
    void samplesOfJcstressHaveTheirOutcomes() throws IOException {
        Map<String, List<String>> samples = samples();
        int compared = 0;
        for (LitmusParser.Named named : LitmusParser.parseAll(Files.readString(SAMPLES))) {
            if (!samples.containsKey(named.name())) {
                continue;
            }
            compared++;
            List<String> ours = search(named.test(), SearchOptions.DEFAULT.withIncoherent(true)).states()
                    .stream().map(JudgesTest::outcome).toList();
            Map<String, String> rows = outcomes(samples.remove(named.name()), ours.getFirst().split(", ").length);
            assertThat(ours).as(named.name()).noneMatch(outcome -> expected(rows, outcome).equals("FORBIDDEN"));
            rows.forEach((row, expect) -> {
                if (named.name().equals(GONE)) {
                    assertThat(ours).as(named.name()).doesNotContain("1, 0, 1, 0");
                } else if (expect.equals("ACCEPTABLE_INTERESTING")) {
                    assertThat(ours).as(named.name()).anyMatch(outcome -> row(rows, outcome).equals(row));
                }
            });
        }
        reporter.publishEntry("jcstress", compared + " of " + (compared + samples.size()) + " samples compared; not: "
                + String.join(", ", samples.keySet()));
        assertThat(compared).isPositive();
    }

    /** {@return a state as jcstress writes the sample's results} */
    private static String outcome(String state) {
        return state.startsWith("[w]=") ? switch (state) { // a word of two bits
            case "[w]=1;" -> "true, false";
            case "[w]=2;" -> "false, true";
            default -> "true, true";
        } : state.replaceAll("\\d+:r\\d+=|\\[\\w+\\]=", "").replace(";", ",").replaceAll(",$", "");
    }

    /** {@return the row that says what an outcome is: the first one whose expression it matches, or that of all} */
    private static String row(Map<String, String> rows, String outcome) {
        return rows.keySet().stream().filter(row -> !row.equals("*") && outcome.matches(row)).findFirst().orElse("*");
    }

    private static String expected(Map<String, String> rows, String outcome) {
        return rows.getOrDefault(row(rows, outcome), "FORBIDDEN");
    }

    /** {@return the lines of each sample} */
    private static Map<String, List<String>> samples() throws IOException {
        return Files.readAllLines(Path.of(FOLDER, "jcstress.csv")).stream().skip(1)
                .collect(Collectors.groupingBy(line -> line.substring(0, line.indexOf(',')), TreeMap::new,
                        Collectors.toList()));
    }

    /** {@return the expectation of each outcome; a row of several outcomes has all their results in one list} */
    private static Map<String, String> outcomes(List<String> lines, int results) {
        Map<String, String> rows = new TreeMap<>();
        for (String line : lines) {
            int last = line.lastIndexOf(',');
            List<String> values = List.of(line.substring(line.indexOf(',') + 1, last).replace("\"", "").split(", "));
            for (int i = 0; i < values.size(); i += results) {
                rows.put(String.join(", ", values.subList(i, Math.min(i + results, values.size()))),
                        line.substring(last + 1));
            }
        }
        return rows;
    }

    /** Java and the kernel differ in known ways; each disagreement must be one of them. */
    @Test
    void testsOfTheKernelDifferOnlyInKnownWays() throws IOException {
        Suite suite = new Suite("lkmm");
        Map<String, Integer> classes = new TreeMap<>();
        List<String> unexplained = new ArrayList<>();
        for (LitmusParser.Named named : suite.tests()) {
            String theirs = column(suite.results.get(named.name()), 0);
            String ours = reachable(search(named.test()));
            suite.compare(named.name(), ours, theirs);
            if (!ours.equals(theirs)) {
                String what = explanation(named.test(), theirs);
                classes.merge(what == null ? "not explained" : what, 1, Integer::sum);
                if (what == null) {
                    unexplained.add(named.name());
                }
            }
        }
        StringBuilder counts = new StringBuilder();
        classes.forEach((what, count) -> counts.append("\n  ").append(count).append(": ").append(what));
        suite.report(counts.toString());
        assertThat(suite.compared).isPositive();
        assertThat(suite.refused).isEmpty();
        assertThat(unexplained).isEmpty();
        assertThat(suite.agreement()).isGreaterThanOrEqualTo(0.9);
    }

    private static String explanation(LitmusTest test, String theirs) {
        if (reachable(search(test, SearchOptions.DEFAULT.withInsertion(false))).equals(theirs)) {
            return "allowed here: a write that depends on a read lands before a newer one";
        }
        Map<String, Weakening> differences = new LinkedHashMap<>();
        differences.put("forbidden here: load buffering", Weakening.writesFirst());
        differences.put("forbidden here: a write publishes what its thread has acquired", Weakening.acquiresOnly());
        differences.put("forbidden here: rcu_dereference acquires", Weakening.plainPointers());
        differences.put("forbidden here: a read fence orders an atomic operation without a result",
                Weakening.voidUpdates());
        differences.put("forbidden here: fences order plain accesses that race",
                Weakening.plainAccesses().and(Weakening.writesFirst()));
        differences.put("forbidden here: load buffering, or publishing what was acquired",
                Weakening.writesFirst().and(Weakening.acquiresOnly()));
        differences.put("forbidden here: rcu_dereference acquires, and one of the others",
                Weakening.writesFirst().and(Weakening.acquiresOnly()).and(Weakening.plainPointers()));
        for (Map.Entry<String, Weakening> difference : differences.entrySet()) {
            if (reachable(difference.getValue().of(test)).equals(theirs)) {
                return difference.getKey();
            }
        }
        boolean allowedHere = theirs.equals("0");
        if (allowedHere && test.threads().stream().anyMatch(JudgesTest::dereferences)) {
            return "allowed here: an address depends on a read";
        }
        return allowedHere && test.threads().stream().anyMatch(JudgesTest::unlocksAndLocks)
                ? "allowed here: a lock is taken after another was given back" : null;
    }

    private static boolean dereferences(ThreadCode thread) {
        return thread.code().stream().anyMatch(instruction -> switch (instruction) {
            case Instruction.Load load -> !(load.address() instanceof Expression.Constant);
            case Instruction.Store store -> !(store.address() instanceof Expression.Constant);
            default -> false;
        });
    }

    private static boolean unlocksAndLocks(ThreadCode thread) {
        boolean unlocked = false;
        for (Instruction instruction : thread.code()) {
            if (unlocked && instruction instanceof Instruction.Lock) {
                return true;
            }
            unlocked |= instruction instanceof Instruction.Unlock;
        }
        return false;
    }
}
