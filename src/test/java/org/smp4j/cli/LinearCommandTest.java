package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.smp4j.cli.session.ExitCode;

/** The command {@code linear}, and {@code replay} of its tokens, on a class outside of the build. */
class LinearCommandTest {
    private static final String COUNTER = """
            package user;
            import org.smp4j.linear.Operation;
            import org.smp4j.linear.Range;
            public class Counter {
                private volatile int count;
                @Operation
                public %s int add(@Range(from = %d, to = 2) int number) {
                    count = count + number;
                    return count;
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

    private Result linear(String... options) {
        List<String> args = new ArrayList<>(List.of("linear", "user.Counter", "--classpath=" + dir,
                "--token-file=" + dir.resolve("token")));
        if (List.of(options).stream().noneMatch(option -> option.startsWith("--programs"))) {
            args.add("--programs=5");
        }
        if (List.of(options).stream().noneMatch(option -> option.startsWith("--schedules"))) {
            args.add("--schedules=100");
        }
        args.addAll(List.of(options));
        return run(args.toArray(String[]::new));
    }

    private void compile(String modifier, int from) throws Exception {
        Path source = Files.writeString(Files.createDirectories(dir.resolve("user")).resolve("Counter.java"),
                COUNTER.formatted(modifier, from));
        compile(source);
    }

    private void compile(Path source) {
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, "-proc:none", "-d", dir.toString(),
                "-cp", System.getProperty("java.class.path"), source.toString())).isZero();
    }

    @BeforeEach
    void compile() throws Exception {
        compile("", 1);
    }

    /** In two rounds; also where a program fails; and where the number of steps depends on the schedules. */
    @Test
    void reportsTheSameForAnyNumberOfJobs() throws Exception {
        assertSameForTwoJobs(ExitCode.FAILED);
        Path source = Files.writeString(dir.resolve("user/Counter.java"), COUNTER.formatted("", 1)
                .replace("private volatile int count;", "private final java.util.concurrent.atomic.AtomicInteger "
                + "count = new java.util.concurrent.atomic.AtomicInteger();")
                .replace("count = count + number;", "int old = count.get();\nwhile (!count.compareAndSet(old, old + "
                + "number)) {\nold = count.get();\n}")
                .replace("return count;", "return old + number;"));
        compile(source);
        assertSameForTwoJobs(ExitCode.OK);
        assertThat(linear("--jobs=0").exit()).isEqualTo(ExitCode.USAGE);
    }

    private void assertSameForTwoJobs(int exit) {
        Result one = linear("--schedules=20", "--programs=20", "--json");
        Result two = linear("--schedules=20", "--programs=20", "--json", "--jobs=2");
        assertThat(one.exit()).as(one.err()).isEqualTo(exit);
        assertThat(two.exit()).as(two.err()).isEqualTo(exit);
        assertThat(two.out()).isEqualTo(one.out());
    }

    @Test
    void violationIsShownKeptAndReplayed() throws Exception {
        Result result = linear();
        assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.FAILED);
        assertThat(result.out()).contains("FAILED user.Counter: ", "rule broken: not linearizable", "A", "B",
                "add(1) -> 1", "results that sequential runs have", "calls 2 are left after shrinking",
                " stops, ", "end of add(", "replay with: smp4j1:linear/user.Counter/").doesNotContain("schedules/s");
        assertThat(result.err()).contains("schedules/s", "page to step through it: " + dir.resolve("token.html"));
        String page = Files.readString(dir.resolve("token.html"));
        assertThat(page).contains("not linearizable", "Counter.java", "<p>Found in program 1 of seed 1, in ");
        assertThat(callsOf(page)).isEqualTo(2);
        assertThat(callsOf(unshrunk(page))).isEqualTo(6); // of two threads with three operations each
        String token = Files.readString(dir.resolve("token")).strip();
        assertThat(result.out()).contains(token);
        for (String strands : List.of("continuations", "threads")) {
            Result again = run("replay", token, "--classpath=" + dir, "--strands=" + strands);
            assertThat(again.exit()).as(again.err()).isEqualTo(ExitCode.FAILED);
            assertThat(again.out()).contains("rule broken: not linearizable", "repeated from its token");
        }
        assertThat(run("replay", token, "--classpath=" + dir, "--html=" + dir.resolve("again.html")).err())
                .contains("again.html");
        assertThat(dir.resolve("again.html")).content().contains("not linearizable").doesNotContain("<p>Found");
        compile("", 0);
        Result changed = run("replay", token, "--classpath=" + dir);
        assertThat(changed.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(changed.err()).contains("the operations of user.Counter have changed since this token was made");
        compile("synchronized", 1);
        assertThat(run("replay", token, "--classpath=" + dir).err()).contains("the program has changed");
    }

    /** {@return the number of calls of threads that a page shows} */
    private static long callsOf(String page) {
        return Pattern.compile("<span>end of add\\(").matcher(page).results().count();
    }

    /** {@return the table of the run before shrinking} */
    private static String unshrunk(String page) throws IOException {
        Matcher packed = Pattern.compile("id=\"packed\">([^<]+)<").matcher(page);
        assertThat(packed.find()).isTrue();
        try (InputStream text = new GZIPInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(packed.group(1))))) {
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void rightClassPasses() throws Exception {
        compile("synchronized", 1);
        Result result = linear("--threads=3", "--operations=2");
        assertThat(result.exit()).as(result.out()).isEqualTo(ExitCode.OK);
        assertThat(result.out()).contains("passed user.Counter",
                "5 programs of 3 threads with 2 operations each, 500 schedules of portfolio with seed 1");
        assertThat(linear("--threads=3", "--operations=2").out()).isEqualTo(result.out());
        assertThat(linear("--strategy=bound1", "--schedules=100000").out())
                .contains("for each of these 5 programs, and for no other: proven for sequentially consistent runs "
                + "with at most 1 departures");
        assertThat(linear("--budget=1s").exit()).isEqualTo(ExitCode.OK);
    }

    @Test
    void otherProgramsCanReadIt() throws Exception {
        Path xml = dir.resolve("result.xml");
        Result result = linear("--json", "--junit-xml=" + xml);
        assertThat(result.exit()).isEqualTo(ExitCode.FAILED);
        JsonNode report = new ObjectMapper().readTree(result.out());
        assertThat(report.get("subject").asText()).isEqualTo("user.Counter");
        assertThat(report.get("failure").get("rule").asText()).isEqualTo("not linearizable");
        assertThat(Files.readString(xml)).contains("failures=\"1\"", "classname=\"user.Counter\"", "smp4j linear");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--threads=5 | the number of threads must be between 1 and 4, got 5",
        "--operations=0 | the number of operations must be between 1 and 8, got 0",
        "--schedules=0 | --schedules must be between 1 and 100000000, got 0",
        "--strategy=guess | strategy guess: one of",
        "--specification=user.None | there is no class user.None, which is to specify the operations",
        "--specification=java.util.ArrayList | has no method add[int]"})
    void badUsageIsOneLine(String option, String message) {
        Result result = linear(option);
        assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains(message).hasLineCount(1);
        assertThat(result.out()).isEmpty();
    }

    @Test
    void classWithoutOperationsIsRefused() {
        Result result = run("linear", "org.smp4j.structures.Odds$Plain");
        assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
        assertThat(result.err()).contains("has no operations; mark some methods with @Operation").hasLineCount(1);
    }
}
