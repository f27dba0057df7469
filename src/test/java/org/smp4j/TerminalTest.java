package org.smp4j;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.smp4j.testing.Pty;

/**
 * Every command as a user meets it: by the real launcher, on a terminal, with Ctrl-C, into a pipe that is closed, onto
 * a disk that is full.
 */
@Timeout(240)
class TerminalTest {
    private static final int PATIENCE_SECONDS = 120;
    private static final int SIGINT = 2;
    private static final int EXIT_BY_SIGINT = 128 + SIGINT;
    /**
     * What the virtual machine says if a signal ends it while it gets ready, at a moment that it is not prepared for.
     */
    private static final String NOT_READY = "Error occurred during initialization of VM";
    private static final String WIPE = "\r\033[K";

    private static final Pattern COLOUR = Pattern.compile("\033\\[[0-9;]*m");

    private static final String SCENARIOS = """
            public class %s implements Runnable {
                private volatile int count;
                private void add() {
                    for (int i = 0; i < 2; i++) {
                        count = count + 1;
                    }
                }
                public void run() {
                    Thread other = new Thread(this::add);
                    other.start();
                    add();
                    try {
                        other.join();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    if (count < %d) {
                        throw new IllegalStateException("lost");
                    }
                }
            }
            """;

    @TempDir
    private static Path dir;
    private static String launcher;
    private static Map<String, String> environment;

    /** What a process has left. */
    private record Result(int exit, String err) {
    }

    @BeforeAll
    static void makeDistribution() throws Exception {
        launcher = Files.copy(Path.of("src/main/dist/bin/smp4j"), Files.createDirectories(dir.resolve("dist/bin"))
                .resolve("smp4j")).toString();
        assertThat(new File(launcher).setExecutable(true)).isTrue();
        Path lib = Files.createDirectories(dir.resolve("dist/lib"));
        Path classes = Path.of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH,
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> entry.endsWith(".jar")).map(entry -> Path.of(entry).toUri().toString())
                .collect(Collectors.joining(" ")));
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(lib.resolve("smp4j.jar")), manifest);
                Stream<Path> files = Files.walk(classes)) {
            jar.setLevel(0);
            for (Path file : files.filter(file -> !file.equals(classes)).toList()) {
                boolean folder = Files.isDirectory(file); // the gallery looks through one
                jar.putNextEntry(new JarEntry(classes.relativize(file) + (folder ? "/" : "")));
                if (!folder) {
                    Files.copy(file, jar);
                }
            }
        }
        scenario("Racy", 4);
        scenario("Fine", 0);
        environment =
                new TreeMap<>(Map.of("PATH", System.getenv("PATH"), "TERM", "xterm", "SMP4J_JAVA_HOME",
                System.getProperty("java.home"),
                "SMP4J_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx512m"));
    }

    private static void scenario(String name, int least) throws Exception {
        Path source = Files.writeString(dir.resolve(name + ".java"), SCENARIOS.formatted(name, least));
        assertThat(ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", dir.toString(), source.toString())).isZero();
    }

    /** Scenarios are here, and tokens stay here. */
    private static List<String> command(String line) {
        List<String> command = new ArrayList<>(List.of(launcher));
        command.addAll(List.of(line.split(" ")));
        if (line.startsWith("explore") || line.startsWith("replay")) {
            command.add("--classpath=" + dir);
        }
        if (line.startsWith("explore") && !line.contains("--token-file")) {
            command.add("--token-file=" + dir.resolve("token"));
        }
        return command;
    }

    private static Pty onTerminal(int columns, String line) {
        return Pty.start(columns, environment, command(line));
    }

    private static Process start(String line, ProcessBuilder.Redirect out) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command(line)).redirectOutput(out)
                .redirectError(dir.resolve("err").toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        return builder.start();
    }

    private static Result end(Process process) throws Exception {
        assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as("ends").isTrue();
        return new Result(process.exitValue(), Files.readString(dir.resolve("err")));
    }

    /** What is seen in the end: each line as it was drawn last. */
    private static String seen(String output) {
        StringBuilder seen = new StringBuilder();
        for (String line : output.split("\r\n", -1)) {
            seen.append(line.substring(line.lastIndexOf(WIPE) < 0 ? 0 : line.lastIndexOf(WIPE) + WIPE.length()))
                    .append('\n');
        }
        return COLOUR.matcher(seen).replaceAll("");
    }

    // ---- to the end, where there is little room

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "--help | 0 | Usage: smp4j",
        "torture --cpus=2 --shutdown-secs=1 | 0 | End of test: SUCCESS",
        "torture --help | 0 | --weight-single-rpc",
        "explore Fine --schedules=300 | 0 | passed Fine",
        "explore Fine --schedules=300 --jobs=2 | 0 | 300 schedules",
        "races | 0 | sync-call-with-irqs-off",
        "races show sync-call-with-irqs-off | 0 | replay with: smp4j",
        "races run sync-call-with-irqs-off | 0 | all 1 as they should be",
        "selftest --schedules=0 | 2 | smp4j selftest: ",
        "generate-completion | 0 | _complete_smp4j",
        "generate-completion junk | 2 | smp4j generate-completion: Unmatched argument",
    })
    void endsAsItShouldOnANarrowTerminal(String line, int exit, String last) throws Exception {
        try (Pty pty = onTerminal(40, line)) {
            assertThat(pty.waitFor(PATIENCE_SECONDS)).as(pty.output()).isEqualTo(exit);
            String output = pty.output();
            assertThat(seen(output)).contains(last).doesNotContain(WIPE, "Exception");
            List<String> drawn = Stream.of(output.split("\r\033\\[K", -1)).filter(text -> !text.contains("\n"))
                    .toList();
            assertThat(drawn).as("a line that wraps can't be wiped").allMatch(text -> text.length() < 40);
        }
    }

    @Test
    void failureIsFoundKeptAndReplayed() throws Exception {
        try (Pty pty = onTerminal(120, "explore Racy")) {
            assertThat(pty.waitFor(PATIENCE_SECONDS)).as(pty.output()).isEqualTo(1);
            assertThat(seen(pty.output())).contains("FAILED Racy", "replay with: "
                    + Files.readString(dir.resolve("token")).strip());
        }
        try (Pty pty = onTerminal(120, "replay " + Files.readString(dir.resolve("token")).strip())) {
            assertThat(pty.waitFor(PATIENCE_SECONDS)).as(pty.output()).isEqualTo(1);
            assertThat(seen(pty.output())).contains("FAILED Racy");
        }
    }

    // ---- Ctrl-C and its relatives

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "torture --cpus=2 | invocations | 0 | End of test: SUCCESS | per second",
        "explore Fine --budget=1h | distinct | 0 | passed Fine | schedules/s",
        "explore Fine --budget=1h --jobs=2 | distinct | 0 | passed Fine | schedules/s",
        "races show ilb-csd-released-too-early --strategy=starvation | distinct | 1 | passed "
        + "ilb-csd-released-too-early | nothing found",
        "races run sync-call-with-irqs-off csd-shared-nonatomic-lock empty-ipi-mask ilb-csd-released-too-early | "
        + "deadlock | 1 | all: | stopped after", "selftest | selftest | 1 | mutants killed | stopped after",
        "fuzz --floor=call --budget=1h | pairs | 0 | passed fuzz: floor call | programs/s",
        "fuzz --floor=call --budget=1h --jobs=2 | pairs | 0 | passed fuzz: floor call | programs/s",
    })
    void ctrlCEndsItInOrder(String line, String begun, int exit, String what, String last) throws Exception {
        try (Pty pty = onTerminal(100, line)) {
            pty.await(begun, PATIENCE_SECONDS);
            pty.type(Pty.CTRL_C);
            assertThat(pty.waitFor(PATIENCE_SECONDS)).as(pty.output()).isEqualTo(exit);
            assertThat(seen(pty.output())).contains(what, last).doesNotContain("Exception");
        }
    }

    /** Only a process that is there and has not got ready yet may end without a word, as the system has it. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "torture --cpus=2 | 0 | per second",
        "explore Fine --budget=1h | 0 | schedules/s",
        "races show ilb-csd-released-too-early --strategy=starvation | 1 | nothing found",
        "races run all | 1 | stopped after",
        "selftest | 1 | stopped after",
    })
    void ctrlCMayComeEarly(String line, int exit, String last) throws Exception {
        try (Pty pty = onTerminal(100, line)) {
            while (!catchesSignals(pty.pid())) {
                Thread.onSpinWait();
            }
            pty.type(Pty.CTRL_C);
            int status = pty.waitFor(PATIENCE_SECONDS);
            if (pty.output().contains(NOT_READY)) {
                assertThat(pty.output()).doesNotContain("smp4j", last);
            } else if (status == -SIGINT || status == EXIT_BY_SIGINT) {
                // the virtual machine may say that it is not ready
                assertThat(pty.output()).doesNotContain("smp4j", last, "\tat ");
            } else {
                assertThat(status).as(pty.output()).isEqualTo(exit);
                assertThat(seen(pty.output())).contains(last).doesNotContain("Exception");
            }
        }
    }

    /** Whether a virtual machine has begun, which takes Ctrl-C for itself. */
    private static boolean catchesSignals(long pid) throws Exception {
        return isSet("SigCgt:", pid) && Files.readSymbolicLink(Path.of("/proc/" + pid + "/exe")).endsWith("java");
    }

    /** Whether one of a process's sets of signals holds that of Ctrl-C. */
    private static boolean isSet(String set, long pid) throws Exception {
        String signals = Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith(set)).findFirst().orElseThrow();
        return (Long.parseUnsignedLong(signals.substring(set.length()).strip(), 16) >>> (SIGINT - 1) & 1) != 0;
    }

    @Test
    void secondCtrlCEndsItAtOnce() throws Exception {
        try (Pty pty = onTerminal(100, "torture --cpus=2 --longwait=60 --weight-single-wait=1")) {
            pty.await("invocations", PATIENCE_SECONDS);
            pty.type(Pty.CTRL_C);
            pty.await("^C", PATIENCE_SECONDS); // it was sent
            while (isSet("ShdPnd:", pty.pid())) {
                Thread.onSpinWait(); // two that are pending are one
            }
            pty.type(Pty.CTRL_C);
            assertThat(pty.waitFor(PATIENCE_SECONDS)).as(pty.output()).isIn(EXIT_BY_SIGINT, 0); // 0: it was faster
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"torture --cpus=2", "explore Fine --budget=1h", "explore Fine --budget=1h --jobs=2"})
    void terminationLosesNothing(String line) throws Exception {
        try (Pty pty = onTerminal(100, line)) {
            pty.await(line.startsWith("torture") ? "invocations" : "distinct", PATIENCE_SECONDS);
            ProcessHandle.of(pty.pid()).orElseThrow().destroy();
            assertThat(pty.waitFor(PATIENCE_SECONDS)).as(pty.output()).isZero();
            assertThat(seen(pty.output())).contains(line.startsWith("torture") ? "End of test: SUCCESS"
                    : "passed Fine");
        }
    }

    // ---- where the output goes

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "races | 0",
        "torture --cpus=2 --stat-interval=1 | 0",
        "explore Fine --schedules=300 | 0",
        "explore Racy | 1",
        "races run sync-call-with-irqs-off csd-unlock-after-callback stop-two-triangle | 1",
    })
    void readerMayGo(String line, int exit) throws Exception {
        Process process = start(line, ProcessBuilder.Redirect.PIPE);
        if (!line.startsWith("explore")) {
            assertThat(process.getInputStream().read()).isPositive();
        }
        process.getInputStream().close();
        Result result = end(process);
        assertThat(result.exit()).as(result.err()).isEqualTo(exit);
        assertThat(result.err().lines()).as("nothing but times, and where the page of a failure is")
                .allMatch(what -> what.matches(".*[0-9] s(,.*)?|page to step through it: .*"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"races", "torture --cpus=2 --shutdown-secs=3600", "explore Racy", "explore Racy --json",
            "races show sync-call-with-irqs-off"})
    void fullDiskIsSaid(String line) throws Exception {
        Files.deleteIfExists(dir.resolve("token"));
        Result result = end(start(line, ProcessBuilder.Redirect.to(new File("/dev/full"))));
        assertThat(result.exit()).as(result.err()).isEqualTo(2);
        assertThat(result.err().lines().filter(what -> !what.contains("schedules/s"))).singleElement().asString()
                .startsWith("smp4j: standard output can't be written: ");
        assertThat(Files.exists(dir.resolve("token"))).as("what was found is kept")
                .isEqualTo(line.startsWith("explore"));
    }

    /** All of it, though a command need not flush. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "races show sync-call-with-irqs-off | replay with: smp4j",
        "races run sync-call-with-irqs-off --variant=buggy --json | ]",
        "races run sync-call-with-irqs-off --variant=buggy | all 1 as they should be",
    })
    void outputInAFileIsComplete(String line, String last) throws Exception {
        Path out = dir.resolve("out");
        Result result = end(start(line, ProcessBuilder.Redirect.to(out.toFile())));
        assertThat(result.exit()).as(result.err()).isZero();
        assertThat(Files.readString(out).strip()).doesNotContain("\033").matches("(?s).*" + Pattern.quote(last) + ".*");
        if (line.contains("--json")) {
            assertThat(new ObjectMapper().readTree(out.toFile()).get(0).get("ok").asBoolean()).isTrue();
        }
    }
}
