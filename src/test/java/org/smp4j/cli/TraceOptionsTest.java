package org.smp4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands write with --trace and --html, and what they refuse. */
class TraceOptionsTest {
    private static final Pattern TOKEN = Pattern.compile("replay with: (\\S+)");
    private static final byte[] TRACE_DAT = {0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g'};

    @TempDir
    private Path folder;
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int execute(String... args) {
        return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
    }

    @Test
    void raceIsTracedAndReplayedWithATraceAndAPage() throws IOException {
        Path chrome = folder.resolve("race.json");
        Path page = folder.resolve("race.html");
        assertThat(execute("races", "show", "stop-two-triangle", "--trace=" + chrome, "--html=" + page)).isZero();
        assertThat(Files.readString(chrome)).startsWith("{").contains("cpu_stop_queue_work", "\"ph\":\"s\"");
        assertThat(Files.readString(page)).contains("<title>stop-two-triangle", "queues for stopper 1");
        Matcher token = TOKEN.matcher(out.toString());
        assertThat(token.find()).isTrue();

        Path dat = folder.resolve("again.dat");
        Path again = folder.resolve("again.html");
        assertThat(execute("replay", token.group(1), "--trace=" + dat, "--html=" + again))
                .as(err.toString()).isEqualTo(1);
        assertThat(Arrays.copyOf(Files.readAllBytes(dat), TRACE_DAT.length)).isEqualTo(TRACE_DAT);
        assertThat(Files.readString(again)).contains("queues for stopper 1");
        assertThat(err.toString()).contains("trace written to " + chrome, "trace written to " + dat);

        Path other = folder.resolve("again.trace");
        assertThat(execute("replay", token.group(1), "--trace=" + other, "--trace-format=mermaid"))
                .as(err.toString()).isEqualTo(1);
        assertThat(Files.readString(other)).startsWith("sequenceDiagram");
        assertThat(execute("replay", token.group(1), "--trace=" + other)).as(err.toString()).isEqualTo(1);
        assertThat(Files.readString(other)).startsWith("# tracer: nop").contains(": cpu_stop_queue_work: ");
    }

    @Test
    void exploredScenarioIsTraced() throws IOException {
        Path file = folder.resolve("run.trace");
        assertThat(execute("explore", "org.smp4j.scenario.oracle.OraclesTest$LeakingTask",
                "--classpath=target/test-classes",
                "--token-file=" + folder.resolve("kept.token"), "--trace=" + file)).as(err.toString()).isEqualTo(1);
        assertThat(Files.readString(file)).startsWith("# tracer: nop");
        assertThat(Files.readString(folder.resolve("kept.html"))).contains("unbalanced context");
    }

    @Test
    void tortureTracesTheEventsThatAreChosen() throws IOException {
        Path file = folder.resolve("torture.trace");
        assertThat(execute("torture", "--cpus=2", "--shutdown-secs=1", "--trace=" + file, "--trace-events=csd",
                "--trace-size=64")).as(err.toString()).isZero();
        List<String> events = Files.readString(file).lines().filter(line -> !line.startsWith("#")).toList();
        assertThat(events).hasSizeBetween(1, 128).allMatch(line -> line.contains(": csd_"));
        assertThat(err.toString()).contains(" overwritten");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        String race = "stop-two-triangle";
        assertThat(execute("races", "show", race, "--trace-format=chrome")).isEqualTo(2);
        assertThat(execute("races", "show", race, "--trace=" + folder.resolve("x.jfr"))).isEqualTo(2);
        assertThat(execute("races", "show", race, "--trace=" + folder.resolve("x.unknown"))).isEqualTo(2);
        assertThat(execute("races", "show", race, "--trace=" + Path.of("/proc/none/x.json"))).isEqualTo(2);
        assertThat(execute("torture", "--cpus=2", "--trace-events=csd")).isEqualTo(2);
        assertThat(execute("torture", "--cpus=2", "--trace=" + folder.resolve("x.trace"), "--trace-events=nothing"))
                .isEqualTo(2);
        assertThat(execute("torture", "--cpus=2", "--trace=" + folder.resolve("x.trace"), "--trace-size=3"))
                .isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(7);
        assertThat(err.toString()).contains("--trace-format needs --trace=FILE", "only torture writes one",
                "--trace-events needs --trace=FILE");
        assertThat(out.toString()).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }
}
