package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.cli.session.ExitCode;
import org.w3c.dom.Element;

/** The commands {@code explore}, {@code replay} and {@code selftest}, on scenarios outside of the build. */
class ExploreCommandTest {
    private static final String RACY = """
            package user;
            public class Scenario implements Runnable {
                volatile int count;
                public void run() {
                    Runnable body = () -> {
                        for (int i = 0; i < %d; i++) {
                            count = count + 1;
                        }
                    };
                    Thread one = new Thread(body);
                    Thread two = new Thread(body);
                    one.start();
                    two.start();
                    try {
                        one.join();
                        two.join();
                    } catch (InterruptedException e) {
                        throw new RuntimeException(e);
                    }
                    if (count < %d) {
                        throw new AssertionError("count is " + count);
                    }
                }
            }
            """;

    @TempDir
    private Path dir;

    private record Result(int exit, String out, String err) {
    }

    private static Result run(String... args) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        return new Result(Main.execute(new PrintWriter(out), new PrintWriter(err), args), out.toString(),
                err.toString());
    }

    private Result explore(String... options) {
        List<String> args = new ArrayList<>(List.of("explore", "user.Scenario", "--classpath=" + dir));
        args.addAll(List.of(options));
        if (args.stream().noneMatch(arg -> arg.startsWith("--token-file"))) {
            args.add("--token-file=" + dir.resolve("token"));
        }
        return run(args.toArray(String[]::new));
    }

    private void scenario(int rounds, int least) throws Exception {
        compile(RACY.formatted(rounds, least));
    }

    private void compile(String text) throws Exception {
        Path source = Files.writeString(Files.createDirectories(dir.resolve("user")).resolve("Scenario.java"), text);
        assertThat(ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", dir.toString(), source.toString())).isZero();
    }

    @BeforeEach
    void compile() throws Exception {
        scenario(1, 2);
    }

    @Test
    void failureIsShownKeptAndReplayed() throws Exception {
        Result result = explore();
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).contains("FAILED user.Scenario", "count is 1", "replay with: smp4j1:user.Scenario:")
                .doesNotContain("schedules/s");
        assertThat(result.err()).contains("schedules/s");
        String token = Files.readString(dir.resolve("token")).strip();
        assertThat(result.out()).contains(token);
        for (String strands : List.of("continuations", "threads")) {
            Result again = run("replay", token, "--classpath=" + dir, "--strands=" + strands);
            assertThat(again.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(again.out()).contains("count is 1", "strands on " + strands);
        }
        scenario(2, 3);
        Result changed = run("replay", token, "--classpath=" + dir);
        assertThat(changed.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(changed.err()).contains("the program has changed");
    }

    @Test
    void reportIsTheSameForAnyNumberOfJobs() throws Exception {
        scenario(2, 0);
        Result one = explore("--schedules=700", "--seed=5");
        assertThat(one.exit()).isEqualTo(ExitCode.OK);
        assertThat(one.out()).contains("passed", "700 schedules");
        assertThat(explore("--schedules=700", "--seed=5").out()).isEqualTo(one.out());
        Result three = explore("--schedules=700", "--seed=5", "--jobs=3");
        assertThat(three.out()).as(three.err()).isEqualTo(one.out());
    }

    @Test
    void rarerFailureIsTheSameForAnyNumberOfJobs() throws Exception {
        scenario(6, 3);
        Result one = explore("--strategy=random", "--schedules=60000");
        assertThat(one.exit()).as(one.out()).isEqualTo(ExitCode.FAILED);
        Result two = explore("--strategy=random", "--schedules=60000", "--jobs=2");
        assertThat(two.out()).as(two.err()).isEqualTo(one.out());
        assertThat(dir.resolve("token")).exists();
        assertThat(dir.resolve("token.0")).doesNotExist();
    }

    @Test
    void otherProgramsCanReadIt() throws Exception {
        Path xml = dir.resolve("result.xml");
        Result result = explore("--json", "--junit-xml=" + xml);
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        JsonNode report = new ObjectMapper().readTree(result.out());
        assertThat(report.get("scenario").asText()).isEqualTo("user.Scenario");
        assertThat(report.get("failure").get("message").asText()).contains("count is 1");
        assertThat(report.get("failure").has("thrown")).isFalse();
        assertThat(Files.readString(xml)).contains("failures=\"1\"", "classname=\"user.Scenario\"", "count is 1");
    }

    /** What the scenario prints is not in the report, nor beside it. */
    @Test
    void scenarioIsMuted() throws Exception {
        compile("""
                package user;
                public class Scenario implements Runnable {
                    enum Loud { ONE; static { System.out.println("loud"); System.err.println("loud"); } }
                    volatile int count;
                    public void run() {
                        Thread other = new Thread(() -> {
                            count = 1;
                            System.out.print("loud");
                            new Throwable("loud").printStackTrace();
                        });
                        other.start();
                        System.out.println(Loud.ONE);
                        if (count == 1) {
                            throw new IllegalStateException("one");
                        }
                    }
                }
                """);
        for (String strands : new String[] {"continuations", "threads"}) {
            List<String> command =
                    new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-cp",
                    System.getProperty("java.class.path")));
            command.addAll(List.of("--add-exports", "java.base/jdk.internal.vm=ALL-UNNAMED", Main.class.getName(),
                    "explore", "user.Scenario", "--json"));
            command.addAll(List.of("--classpath=" + dir, "--token-file=" + dir.resolve("token"), "--strands="
                    + strands));
            Path err = dir.resolve("err");
            Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(out + Files.readString(err)).isEqualTo(ExitCode.FAILED);
            assertThat(new ObjectMapper().readTree(out).get("failure").get("message").asText()).contains("one");
            assertThat(out + Files.readString(err)).doesNotContain("loud");
        }
    }

    /** Whatever a thread is called and a message says. */
    @Test
    void formatsAreValidForAnyText() throws Exception {
        compile("""
                package user;
                public class Scenario implements Runnable {
                    volatile int \u00e4\u6f22;
                    public void run() {
                        Thread odd = new Thread(() -> {
                            \u00e4\u6f22++;
                            System.out.println("a scenario may print");
                            throw new RuntimeException("\\1\\33[31m<&>\\" ]]> \\ud83d\\ude80 \\ud800 \\0 \\ufffe");
                        }, "od\\33[7md|\\n<x>");
                        odd.start();
                        \u00e4\u6f22++;
                    }
                }
                """);
        Path xml = dir.resolve("result.xml");
        String message =
                "od\\u001b[7md|\\n<x> threw java.lang.RuntimeException: \\u0001\\u001b[31m<&>\" ]]> \ud83d\ude80 "
                + "\\ud800 \\u0000 \\ufffe";
        Result text = explore();
        assertThat(text.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(text.out()).contains(message, "od\\u001b[7md|\\n<x> ", "\u00e4\u6f22")
                .matches("(?s)[\\n\\P{Cc}]*");
        for (String jobs : List.of("--jobs=1", "--jobs=2")) {
            Result json = explore("--json", "--junit-xml=" + xml, jobs);
            assertThat(json.exit()).as(json.err()).isEqualTo(ExitCode.FAILED);
            assertThat(json.out()).matches("\\p{ASCII}*");
            assertThat(new ObjectMapper().readTree(json.out()).get("failure").get("message").asText())
                    .isEqualTo(message);
            Element failure = (Element) DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml.toFile())
                    .getElementsByTagName("failure").item(0);
            assertThat(failure.getAttribute("message")).isEqualTo(message);
            assertThat(failure.getTextContent()).isEqualTo(text.out());
        }
    }

    @Test
    void reportThatCanNotBeWrittenIsKnownBeforeTheSearch() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "kept");
        for (Path bad : List.of(dir, file.resolve("below"), Path.of("/proc/none"))) {
            Result result = explore("--junit-xml=" + bad);
            refused(result, "smp4j explore: --junit-xml: can't write "
                    + (bad.startsWith(file) ? file + ": is not a folder" : bad + ": "));
            assertThat(result.err()).hasLineCount(1);
        }
        assertThat(explore("--junit-xml=" + file, "--strategy=guess").exit()).isEqualTo(ExitCode.USAGE);
        assertThat(file).as("only looked at").hasContent("kept");
    }

    /** The report has it as well; there may be none to keep. */
    @Test
    void tokenThatCanNotBeKeptIsToldWithTheReport() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "kept");
        for (Path bad : List.of(dir, file.resolve("below"), Path.of("/proc/none/token"))) {
            Result result = explore("--token-file=" + bad);
            assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(result.out()).contains("count is 1", "replay with: smp4j1:",
                    "note: the token could not be kept in " + bad);
            assertThat(result.err()).contains("smp4j explore: the token could not be written: ")
                    .doesNotContain("Exception");
        }
        assertThat(file).hasContent("kept");
    }

    /** As on a full disk: it is not known before. */
    @Test
    void fileThatCanNotBeWrittenAfterAllCostsNothingButTheFile() {
        for (String[] options : new String[][] {{}, {"--jobs=2"}}) {
            Result good = explore(options);
            String[] full = Arrays.copyOf(options, options.length + 2);
            full[options.length] = "--token-file=/dev/full";
            full[options.length + 1] = "--junit-xml=/dev/full";
            Result result = explore(full);
            assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
            assertThat(result.out().replaceAll("note: the token could not be kept .*\n", "")).isEqualTo(good.out())
                    .contains("count is 1", "replay with: smp4j1:");
            assertThat(result.err().lines().skip(1)).hasSize(2)
                    .allMatch(line -> line.matches("smp4j explore: .* could not be written: .+"));
        }
    }

    @Test
    void exhaustiveSearchProves() throws Exception {
        scenario(1, 1);
        Result result = explore("--strategy=dpor");
        assertThat(result.exit()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("proven for all sequentially consistent runs");
        assertThat(explore("--strategy=dpor", "--jobs=2").err()).contains("can't share");
    }

    @Test
    void memoryModelIsAnOption() throws Exception {
        scenario(2, 0);
        Result one = explore("--schedules=300", "--memory=java");
        assertThat(one.exit()).as(one.err()).isEqualTo(ExitCode.OK);
        assertThat(one.out()).contains(", memory model java, ");
        assertThat(explore("--schedules=300", "--memory=java", "--jobs=2").out()).isEqualTo(one.out());
        assertThat(explore("--schedules=300", "--memory=tso", "--json").out()).contains("\"memory\" : \"TSO\"");
        assertThat(explore("--memory=java", "--strategy=dpor").out())
                .contains("proven for all runs under the memory model java");
        refused(explore("--memory=java", "--data-races"), "data races are found in sequentially consistent runs only");
        refused(explore("--memory=odd"), "--memory");
    }

    private static void refused(Result result, String message) {
        assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).contains(message);
    }

    @Test
    void badInputIsSaid() {
        refused(run("explore", "no.Such"), "there is no class no.Such");
        refused(run("explore", "java.lang.String"), "java.lang.String");
        refused(explore("--strategy=guess"), "strategy guess: one of");
        refused(explore("--schedules=0"), "--schedules must be between 1 and 281474976710656, got 0");
        refused(explore("--jobs=0"), "--jobs must be between 1 and 1024, got 0");
        refused(explore("--budget=soon"), "expected a duration such as 90s, 2m or 1h30m, got soon");
        refused(explore("--step-limit=1"), "step limit");
        refused(explore("--strands=ropes"), "ropes");
        refused(run("explore", "user.Scenario", "--classpath=" + dir.resolve("nowhere")), "there is no");
        refused(run("replay", "smp4j1:a:b:c"), "damaged");
        refused(run("replay", "nothing"), "not a token");
        refused(run("explore"), "CLASS");
    }

    @Test
    void budgetEndsIt() throws Exception {
        scenario(2, 0);
        assertThat(explore("--budget=0.2s").exit()).isEqualTo(ExitCode.OK);
    }

    /** As Ctrl-C does: the process is asked to end, and says what it has found so far. */
    @Test
    void interruptEndsItInOrder() throws Exception {
        scenario(2, 0);
        for (String jobs : List.of("--jobs=1", "--jobs=2")) {
            Path out = dir.resolve("out");
            Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "--add-exports=java.base/jdk.internal.vm=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
                    Main.class.getName(),
                    "explore", "user.Scenario", "--classpath=" + dir, "--schedules=1000000000", jobs)
                    .redirectOutput(out.toFile())
                    .redirectError(dir.resolve("err").toFile()).start();
            assertThat(process.waitFor(6, TimeUnit.SECONDS)).isFalse();
            process.destroy();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            String text = Files.readString(out);
            assertThat(text).as(() -> jobs + process.exitValue())
                    .satisfiesAnyOf(report -> assertThat(report).contains("passed user.Scenario", "schedules"),
                    report -> assertThat(report).isEmpty()); // a host so slow that nothing was begun
        }
    }

    @Test
    void survivorsAreFailures() throws Exception {
        Result result = run("selftest", "--schedules=1", "--only=pending-set,no-ipi,irq-work-claim", "--json");
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        assertThat(new ObjectMapper().readTree(result.out()).get("verdicts"))
                .extracting(verdict -> verdict.get("killed").asBoolean()).containsExactly(false, true, false);
        assertThat(run("selftest", "--only=no-ipi").out()).contains("1 of 1 mutants killed");
        assertThat(run("selftest", "--only=no-such").err()).contains("--only: no breakage has the name no-such");
        assertThat(run("selftest", "--floor=call").err()).contains("--floor needs --fuzz");
        assertThat(run("selftest", "--fuzz", "--floor=roof").err()).contains("got roof");
    }

    @Test
    void aLibraryThatIsNamedIsRewritten() throws Exception {
        Path library = Files.writeString(dir.resolve("Latches.java"), """
                package org.hamcrest.latches;
                public class Latches {
                    static int asked;
                    public static void ask(java.util.concurrent.CountDownLatch latch) {
                        asked++;
                        if (latch.getCount() == 0 && asked != 2) {
                            throw new AssertionError("not counted");
                        }
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-d", dir.toString(),
                library.toString())).isZero();
        Path program = Files.writeString(Files.createDirectories(dir.resolve("user")).resolve("Scenario.java"), """
                package user;
                public class Scenario implements Runnable {
                    public void run() {
                        var latch = new java.util.concurrent.CountDownLatch(1);
                        for (int i = 0; i < 2; i++) {
                            new Thread(() -> {
                                latch.countDown();
                                org.hamcrest.latches.Latches.ask(latch);
                            }).start();
                        }
                    }
                }
                """);
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-cp", dir.toString(), "-d",
                dir.toString(), program.toString())).isZero();
        Result refused = explore("--schedules=200");
        assertThat(refused.exit).isEqualTo(2);
        assertThat(refused.err).contains("add --rewrite org.hamcrest,");
        Result found = explore("--schedules=200", "--jobs=2", "--rewrite=org.hamcrest");
        assertThat(found.out).contains("not counted");
        Result again = run("replay", Files.readString(dir.resolve("token")).strip(), "--classpath=" + dir);
        assertThat(again.exit).isEqualTo(1);
        assertThat(again.out).contains("not counted");
        Result wrong = explore("--rewrite=java.util");
        assertThat(wrong.exit).isEqualTo(2);
        assertThat(wrong.err).contains("rewrite java.util: it can't be rewritten");
        Result file = explore("--rewrite=lib/hamcrest.jar");
        assertThat(file.exit).isEqualTo(2);
        assertThat(file.err).contains("rewrite lib/hamcrest.jar: it takes the name of a package");
    }
}
