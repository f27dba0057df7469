package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Explores programs that lie beside this repository, each with the verdict that it must get, at default settings. The
 * system property {@code smp4j.cases} names their folder: programs below {@code verdicts/bugs} say {@code EXPECT} and
 * the verdict in their first comment; of those below {@code public}, {@code Buggy} must fail and {@code Fixed} must
 * pass. Without the property this class is left out.
 */
class CasesTest {
    private static final String FOLDER = System.getProperty("smp4j.cases");
    private static final Pattern EXPECTATION = Pattern.compile("EXPECT:? ([^.:]*)");
    private static final Pattern VERDICT = Pattern.compile(
            "no data race|data race|refus|pass|deadlock|livelock|warning|fail");

    /** Where the verdict is another than the one that the program asks for, and why. */
    private static final Map<String, String> DIFFER = Map.of(
            "F_Distinct", "pass: its expectation is about what the report counts",
            "D3_HashThread", "refused: the order of a table of threads is not modelled",
            "D5_HashLambda", "refused: the order of a table of lambdas is not modelled",
            "D6_HashArray", "refused: the order of a table of arrays is not modelled",
            "H2_WrappedRefusal", "pass: the latch that was refused is modelled",
            "H_SwallowedRefusal", "pass: the latch that was refused is modelled",
            "X_RareRefusal", "pass: the latch that was refused is modelled",
            "I_ManyThreads", "refus, or pass: more than 64 threads at once",
            "L2_HandlerLies", "pass: the handler runs once, as it asks for");

    @TempDir
    private Path dir;

    private static void needsTheFolder() {
        assumeTrue(FOLDER != null, "Programs beside the repository are left out: -Dsmp4j.cases=FOLDER names their "
                + "folder");
    }

    private record Result(int exit, String out) {
        /** Whether the verdict is one of those that a text names. */
        boolean is(String expected) {
            List<String> named = new ArrayList<>();
            for (Matcher verdict = VERDICT.matcher(expected); verdict.find();) {
                named.add(verdict.group());
            }
            assertThat(named).as(expected).isNotEmpty();
            return named.stream().anyMatch(verdict -> switch (verdict) {
                case "pass", "no data race" -> exit == 0;
                case "refus" -> exit == 2;
                case "fail" -> exit == 1 && (out.contains("rule broken: thrown")
                        || out.contains("rule broken: unsafe use"));
                default -> exit == 1 && out.contains("rule broken: " + verdict);
            });
        }
    }

    private Result explore(String type, Path classes, String... options) {
        StringWriter out = new StringWriter();
        List<String> args = new ArrayList<>(List.of("explore", type, "--classpath", classes.toString(),
                "--token-file", dir.resolve("token").toString(), "--schedules", "3000"));
        args.addAll(List.of(options));
        PrintWriter both = new PrintWriter(out);
        int exit = Main.execute(both, both, args.toArray(String[]::new));
        return new Result(exit, out.toString());
    }

    private Path compile(List<Path> sources) throws IOException {
        Path classes = Files.createTempDirectory(dir, "classes");
        List<String> args = new ArrayList<>(List.of("-proc:none", "-nowarn", "-cp",
                System.getProperty("java.class.path"), "-d", classes.toString()));
        sources.forEach(source -> args.add(source.toString()));
        StringWriter said = new StringWriter();
        int exit = ToolProvider.getSystemJavaCompiler().run(null, null, null, args.toArray(String[]::new));
        assertThat(exit).as(said::toString).isZero();
        return classes;
    }

    private static List<Path> sources(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
        }
    }

    private static List<Path> folders(String in) throws IOException {
        try (Stream<Path> all = Files.list(Path.of(FOLDER, in))) {
            return all.sorted().toList();
        }
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path source) {
        return source.getFileName().toString().replace(".java", "");
    }

    @TestFactory
    Stream<DynamicTest> programsGetTheVerdictTheyAskFor() throws IOException {
        needsTheFolder();
        List<Path> sources = sources(Path.of(FOLDER, "verdicts", "bugs"));
        Path classes = compile(sources);
        return sources.stream().flatMap(source -> {
            Matcher expectation = EXPECTATION.matcher(text(source));
            if (!expectation.find()) {
                return Stream.empty(); // a helper
            }
            String expected = DIFFER.getOrDefault(name(source), expectation.group(1));
            String[] options = expected.contains("data race") ? new String[] {"--data-races"} : new String[0];
            return Stream.of(test("bugs." + name(source), classes, expected, options));
        });
    }

    /** Bugs that other projects have had, in their own threads. */
    @TestFactory
    Stream<DynamicTest> bugsOfOtherProjectsAreFoundAndTheirMendsPass() throws IOException {
        needsTheFolder();
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders("public").stream().filter(each -> name(each).startsWith("J")).toList()) {
            Path classes = compile(sources(folder));
            // one of them is a matter of the memory model
            String[] options = name(folder).startsWith("J05") ? new String[] {"--memory=java"} : new String[0];
            for (Path source : sources(folder)) {
                tests.add(test(name(source), classes, name(source).endsWith("Fixed") ? "pass" : "fail or deadlock",
                        options));
            }
        }
        return tests.stream();
    }

    /**
     * Bugs that kernels have had, on a machine. {@code K13} is left out: it waits by a {@code WaitQueue}, which the
     * scheduler does not have, and so does not compile.
     */
    @TestFactory
    Stream<DynamicTest> bugsOfKernelsAreFoundAndTheirMendsPass() throws IOException {
        needsTheFolder();
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders("public").stream()
                .filter(each -> name(each).startsWith("K") && !name(each).startsWith("K13")).toList()) {
            Path classes = compile(sources(folder));
            // one of them is a matter of the memory model
            String[] options = name(folder).startsWith("K15") ? new String[] {"--memory=java"} : new String[0];
            for (Path source : sources(folder)) {
                tests.add(test(name(source), classes, name(source).equals("Fixed") ? "pass" : "fail or warning",
                        options));
            }
        }
        return tests.stream();
    }

    /** What the explorer itself once got wrong. */
    @TestFactory
    Stream<DynamicTest> verdictsThatWereWrong() throws IOException {
        needsTheFolder();
        Map<String, String> expected = Map.of("Once", "pass", "Sleepers", "fail", "TwoLooks", "fail", "Stops", "pass");
        List<DynamicTest> tests = new ArrayList<>();
        for (Path folder : folders("public").stream().filter(each -> name(each).startsWith("X")).toList()) {
            Path classes = compile(sources(folder));
            for (Path source : sources(folder)) {
                tests.add(test(name(source), classes, expected.get(name(source))));
            }
        }
        return tests.stream();
    }

    /** What lambdas do that a map calls under its lock, and other calls that seem to do nothing. */
    @TestFactory
    Stream<DynamicTest> quietCalls() throws IOException {
        needsTheFolder();
        Path folder = Path.of(FOLDER, "34-quiet-calls");
        Path classes = compile(sources(folder));
        Map<String, String> expected = Map.of("DeadlockInCompute", "deadlock", "HashOrder", "pass", "LockInCompute",
                "pass", "RaceInCompute", "fail", "WaitTimesOut", "fail");
        return sources(folder).stream().map(source -> test(name(source), classes, expected.get(name(source))));
    }

    private DynamicTest test(String type, Path classes, String expected, String... options) {
        return DynamicTest.dynamicTest(type + " in " + name(classes), () -> {
            Result result = explore(type, classes, options);
            assertThat(result.is(expected)).as(expected + ", but exit " + result.exit + "\n" + result.out).isTrue();
        });
    }
}
