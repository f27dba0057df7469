package org.smp4j.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;
import org.smp4j.trace.export.JfrTrace;
import org.smp4j.trace.export.TraceFormat;

/**
 * Each format is read by a program that is not ours. One that is not installed is named on standard error and its test
 * is left out; {@code .ci/run} installs them. Perfetto's trace processor is in none of the registries that the build
 * uses: what it needs of its text form is checked line by line instead.
 */
class ReadersTest {
    private static final Path MODULES = Path.of(System.getProperty("smp4j.readers", "target/readers"));
    private static final Path SCRIPTS = Path.of("src/test/readers");
    private static final Pattern REPORTED = Pattern.compile(
            "\\s*(.+)-(\\d+)\\s+\\[(\\d+)]\\s+(\\d+\\.\\d+): (\\w+):\\s(.*)");
    private static final SmpCallFunc NOTHING = SmpCallFunc.named("nothing", info -> { });

    @TempDir
    private Path dir;

    private record Answer(int status, String text) {
    }

    private static Answer ask(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(process.waitFor(), text);
    }

    private static void needs(String reader, boolean there) {
        if (!there) {
            System.err.println("LEFT OUT: " + reader + " is not installed, so nothing was checked with it");
        }
        assumeThat(there).as(reader + " is installed").isTrue();
    }

    private static boolean isProgram(String name) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(path -> Files.isExecutable(Path.of(path, name)));
    }

    private Path written(TraceFormat format, TraceData data) throws IOException {
        Path file = dir.resolve("a" + format.ending());
        format.write(data, file);
        return file;
    }

    @ParameterizedTest
    @MethodSource("traces")
    void traceCmdReportsEveryEvent(TraceData data) throws IOException, InterruptedException {
        needs("trace-cmd", isProgram("trace-cmd"));
        Answer answer = ask("trace-cmd", "report", written(TraceFormat.DAT, data).toString());
        assertThat(answer.status()).as(answer.text()).isZero();
        List<String> lines = answer.text().lines().filter(line -> REPORTED.matcher(line).matches()).toList();
        assertThat(lines).hasSameSizeAs(data.events());
        Map<Integer, List<TraceEvent>> ours = new HashMap<>();
        data.events().forEach(event -> ours.computeIfAbsent(event.cpu(), _ -> new ArrayList<>()).add(event));
        for (String text : lines) { // by CPU: events of several CPUs at one time may come in any order
            Matcher line = REPORTED.matcher(text);
            assertThat(line.matches()).isTrue();
            TraceEvent event = ours.get(Integer.parseInt(line.group(3))).removeFirst();
            assertThat(line.group(5)).as(text).isEqualTo(event.type().eventName());
            assertThat(line.group(2)).as(text).isEqualTo(Integer.toString(event.pid()));
            assertThat(normal(line.group(6))).as(text).isEqualTo(asReported(event));
        }
    }

    /** The columns of flags, which trace-cmd shows in its latency format. */
    @ParameterizedTest
    @MethodSource("traces")
    void traceCmdReportsFlags(TraceData data) throws IOException, InterruptedException {
        needs("trace-cmd", isProgram("trace-cmd"));
        Answer answer = ask("trace-cmd", "report", "-l", written(TraceFormat.DAT, data).toString());
        Pattern latency = Pattern.compile("\\s*.+-\\d+\\s+(\\d+)(\\S{5})\\s+\\d+\\.\\d+: \\w+:.*");
        Map<Integer, List<String>> reported = new HashMap<>();
        answer.text().lines().map(latency::matcher).filter(Matcher::matches).forEach(line -> reported
                .computeIfAbsent(Integer.parseInt(line.group(1)), _ -> new ArrayList<>()).add(line.group(2)));
        for (int cpu = 0; cpu < data.nrCpus(); cpu++) {
            int of = cpu;
            assertThat(reported.getOrDefault(cpu, List.of())).isEqualTo(data.events().stream()
                    .filter(event -> event.cpu() == of).map(event -> event.context().five()).toList());
        }
    }

    /** A mask without leading zeros. */
    private static String normal(String text) {
        return text.strip().replaceFirst("(target_mask|cpumask)=(?:0{8},)*0*(?=[0-9a-f])", "$1=");
    }

    /**
     * As trace-cmd prints an event: a switch in short, pointers in short, functions without their sizes. It has letters
     * of its own for the states of tasks, whatever the file says; the bits are those of the kernel.
     */
    private static String asReported(TraceEvent event) {
        if (event.type() == EventType.SCHED_SWITCH) {
            Object[] values = event.values().toArray();
            values[3] = values[3].toString().replace('X', 'Z').replace('P', 'x');
            return "%s:%s [%s] %s ==> %s:%s [%s]".formatted(values);
        }
        String text = event.text().strip().replace("+0x0/0x0", "+0x0").replaceFirst(" <-0x0$", "");
        return Pattern.compile("\\b(csd|work)=([0-9a-f]{16})").matcher(text).replaceAll(pointer ->
                pointer.group(1) + "=0x" + Long.toHexString(Long.parseUnsignedLong(pointer.group(2), 16)));
    }

    @Test
    void flightRecorderShowsCallsStopsAndSteps() throws IOException, InterruptedException {
        Path file = dir.resolve("a.jfr");
        try (JfrTrace trace = new JfrTrace(3)) {
            TracedMachine.run(3, trace, machine -> {
                machine.smp().smpCallFunctionSingle(1, NOTHING, null, true);
                assertThat(machine.hotplug().removeCpu(2)).isZero();
                System.gc(); // a safepoint, most of which take less than the usual threshold
            });
            trace.write(file);
        }
        List<RecordedEvent> events = RecordingFile.readAllEvents(file);
        assertThat(events).anyMatch(event -> event.getEventType().getName().equals("org.smp4j.Call")
                && event.getString("function").equals("nothing") && event.getInt("cpu") == 1);
        assertThat(events).anyMatch(event -> event.getEventType().getName().equals("org.smp4j.Stop")
                && event.getString("function").equals("multi_cpu_stop"));
        assertThat(events).anyMatch(event -> event.getEventType().getName().equals("org.smp4j.HotplugStep")
                && event.getString("callback").equals("takedown_cpu") && event.getInt("result") == 0
                && event.getDuration().toNanos() > 0);
        Answer printed = ask(Path.of(System.getProperty("java.home"), "bin", "jfr").toString(), "print", "--events",
                "org.smp4j.*,jdk.SafepointBegin", file.toString());
        assertThat(printed.status()).as(printed.text()).isZero();
        assertThat(printed.text()).containsPattern("org.smp4j.Call \\{[^}]*\\bfunction = \"nothing\"")
                .containsPattern("org.smp4j.Stop \\{[^}]*\\bfunction = \"multi_cpu_stop\"")
                .containsPattern("org.smp4j.HotplugStep \\{[^}]*\\bcallback = \"takedown_cpu\"")
                .contains("jdk.SafepointBegin {");
        assertThat(events).as("the JVM's own events").anyMatch(event -> event.getEventType().getName()
                .startsWith("jdk."));
    }

    /** Runs on real threads and explored ones: a function that fails in an interrupt, and stoppers that hang. */
    static Stream<TraceData> traces() throws InterruptedException {
        return Stream.of(TracedMachine.downAndUp(), ExploredTraces.of("csd-unlock-after-callback"),
                ExploredTraces.of("stop-two-triangle"), crowded(ExploredTraces.of("stop-two-triangle")));
    }

    /** The same with many events in a step. */
    private static TraceData crowded(TraceData data) {
        List<TraceEvent> events = data.events().stream().map(event -> new TraceEvent(event.cpu(), event.time() / 64,
                event.pid(), event.comm(), event.context(), event.type(), event.values())).toList();
        return new TraceData(data.nrCpus(), data.clock(), events, data.emitted(), data.overwritten(), data.outcome());
    }

    private static double end(JsonNode slice) {
        return slice.get("ts").asDouble() + slice.get("dur").asDouble();
    }

    /** The innermost slice at one end of an arrow: what a viewer ties the arrow to. */
    private static JsonNode under(List<JsonNode> slices, JsonNode arrow) {
        double at = arrow.get("ts").asDouble();
        JsonNode inner = null;
        for (JsonNode slice : slices) {
            if (slice.get("pid").equals(arrow.get("pid")) && slice.get("tid").equals(arrow.get("tid"))
                    && slice.get("ts").asDouble() <= at && at < end(slice)
                    && (inner == null || slice.get("ts").asDouble() >= inner.get("ts").asDouble())) {
                inner = slice;
            }
        }
        assertThat(inner).as("a slice that takes time lies under %s", arrow).isNotNull();
        return inner;
    }

    @ParameterizedTest
    @MethodSource("traces")
    void everyArrowHasTwoEnds(TraceData data) throws IOException {
        JsonNode events = new ObjectMapper().readTree(written(TraceFormat.CHROME, data).toFile()).get("traceEvents");
        List<JsonNode> slices = StreamSupport.stream(events.spliterator(), false)
                .filter(event -> event.get("ph").asText().equals("X")).toList();
        Map<Integer, JsonNode> begun = new HashMap<>();
        Map<String, Integer> arrows = new HashMap<>();
        for (JsonNode event : events) {
            switch (event.get("ph").asText()) {
                case "s" -> assertThat(begun.put(event.get("id").asInt(), event)).as("one begin for each").isNull();
                case "f" -> {
                    JsonNode from = begun.remove(event.get("id").asInt());
                    assertThat(from).as("an end comes after its begin: %s", event).isNotNull();
                    assertThat(from.get("ts").asDouble()).isLessThanOrEqualTo(event.get("ts").asDouble());
                    assertThat(from.get("name")).isEqualTo(event.get("name"));
                    arrows.merge(event.get("name").asText(), 1, Integer::sum);
                    boolean call = event.get("name").asText().equals("call");
                    JsonNode queues = under(slices, from);
                    JsonNode runs = under(slices, event);
                    assertThat(queues.get("name").asText()).isEqualTo(call ? "csd_queue_cpu" : "cpu_stop_queue_work");
                    assertThat(runs.get("ts")).isEqualTo(event.get("ts"));
                    Matcher what = Pattern.compile("(?:func|fn)=(\\S+?),? ((?:csd|work)=\\S+)")
                            .matcher(queues.get("args").get("event").asText());
                    assertThat(what.find()).as("%s", queues).isTrue();
                    assertThat(runs.get("name").asText()).isEqualTo(what.group(1));
                    assertThat(runs.get("args").get("event").asText()).endsWith(what.group(2));
                }
                default -> { }
            }
        }
        assertThat(begun).isEmpty();
        assertThat(arrows).isNotEmpty();
        assertThat(arrows.keySet()).isSubsetOf("call", "stop");
        assertNested(slices);
    }

    /** Slices of a track nest, and each takes time. */
    private static void assertNested(List<JsonNode> slices) {
        for (JsonNode one : slices) {
            assertThat(one.get("dur").asDouble()).as("%s", one).isPositive();
            for (JsonNode other : slices) {
                if (one.get("pid").equals(other.get("pid")) && one.get("tid").equals(other.get("tid"))
                        && one.get("ts").asDouble() < other.get("ts").asDouble()
                        && other.get("ts").asDouble() < end(one) - 1e-6) {
                    assertThat(end(other)).as("%s in %s", other, one).isLessThanOrEqualTo(end(one) + 1e-6);
                }
            }
        }
    }

    @Test
    void stoppersOfFourCpusHaveArrows() throws IOException, InterruptedException {
        String text = Files.readString(written(TraceFormat.CHROME, TracedMachine.downAndUp()));
        assertThat(text.lines().filter(line -> line.contains("\"ph\":\"f\"") && line.contains("\"stop\"")).count())
                .isGreaterThanOrEqualTo(4);
        assertThat(text).contains("\"name\":\"call\"");
    }

    /** A work that hangs is shown to hang; the last one of a CPU that goes offline ends with its CPU. */
    @Test
    void whatHangsLastsToTheEnd() throws IOException, InterruptedException {
        TraceData hung = ExploredTraces.of("stop-two-triangle");
        List<JsonNode> works = works(hung);
        assertThat(works).hasSize(3).allMatch(work -> end(work) >= hung.events().getLast().time());
        List<String> stopper0 = Files.readAllLines(written(TraceFormat.PERFETTO, hung)).stream()
                .filter(line -> line.contains("migration/0-"))
                .map(line -> line.replaceFirst(".*tracing_mark_write: ", "")).toList();
        assertThat(stopper0).contains("B|1|multi_cpu_stop");
        assertThat(stopper0.stream().filter(what -> what.startsWith("B|")).count())
                .isEqualTo(stopper0.stream().filter(what -> what.startsWith("E|")).count() + 1);
        TraceData gone = TracedMachine.downAndUp();
        double dead = gone.events().stream().filter(event -> event.type() == EventType.CPUHP_EXIT
                && event.number("idx") == CpuhpState.TEARDOWN_CPU).findFirst().orElseThrow().time() / 1000.0;
        assertThat(works(gone)).filteredOn(work -> work.get("tid").asInt() == 3).isNotEmpty()
                .anyMatch(work -> work.get("ts").asDouble() < dead)
                .allMatch(work -> work.get("ts").asDouble() > dead || end(work) <= dead + 1e-6);
    }

    private List<JsonNode> works(TraceData data) throws IOException {
        JsonNode events = new ObjectMapper().readTree(written(TraceFormat.CHROME, data).toFile()).get("traceEvents");
        return StreamSupport.stream(events.spliterator(), false)
                .filter(event -> event.get("name").asText().equals("multi_cpu_stop")).toList();
    }

    @ParameterizedTest
    @MethodSource("traces")
    void jsonIsOfTheSchema(TraceData data) throws IOException, InterruptedException {
        needs("ajv, of npm", isProgram("node") && Files.exists(MODULES.resolve("node_modules/ajv")));
        Path file = written(TraceFormat.CHROME, data);
        String schema = "src/test/resources/org/smp4j/trace/chrome.schema.json";
        String script = SCRIPTS.resolve("schema.mjs").toString();
        Answer answer = ask("node", script, MODULES.toString(), schema, file.toString());
        assertThat(answer.status()).as(answer.text()).isZero();
        Path wrong = Files.writeString(dir.resolve("wrong.json"),
                Files.readString(file).replaceFirst("\"dur\":", "\"long\":"));
        assertThat(ask("node", script, MODULES.toString(), schema, wrong.toString()).status()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("traces")
    void mermaidParsesTheDiagram(TraceData data) throws IOException, InterruptedException {
        needs("mermaid, of npm", isProgram("node") && Files.exists(MODULES.resolve("node_modules/mermaid")));
        TraceData failed = new TraceData(data.nrCpus(), data.clock(), data.events(), data.emitted(),
                data.overwritten(), "failed: a; b # c: 100 % <x>");
        Path file = written(TraceFormat.MERMAID, failed);
        String script = SCRIPTS.resolve("mermaid.mjs").toString();
        Answer answer = ask("node", script, MODULES.toString(), file.toString());
        assertThat(answer.text()).contains("sequence");
        assertThat(answer.status()).isZero();
        Path wrong = Files.writeString(dir.resolve("wrong.mmd"), Files.readString(file) + "    c0 ->> : nothing\n");
        assertThat(ask("node", script, MODULES.toString(), wrong.toString()).status()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("traces")
    void perfettoFormHasFourFlagsAndPairedSlices(TraceData data) throws IOException {
        List<String> lines = Files.readAllLines(written(TraceFormat.PERFETTO, data));
        assertThat(lines.getFirst()).isEqualTo("# tracer: nop");
        Pattern line = Pattern.compile(
                "\\s*(\\S+)-(\\d+)\\s+\\[\\d{3}] [dN.hsH0-9a-f]{4}\\s+\\d{1,5}\\.\\d{6}: "
                + "(sched_switch|sched_waking|tracing_mark_write): (.*)");
        Map<String, Integer> depth = new HashMap<>();
        for (String text : lines.subList(2, lines.size())) {
            Matcher matched = line.matcher(text);
            assertThat(matched.matches()).as(text).isTrue();
            String task = matched.group(2).equals("0") ? text.replaceAll("^[^\\[]*\\[(\\d+)].*", "idle $1")
                    : matched.group(2);
            String what = matched.group(4);
            if (what.startsWith("B|")) {
                depth.merge(task, 1, Integer::sum);
            } else if (what.startsWith("E|")) {
                assertThat(depth.merge(task, -1, Integer::sum)).as(text).isNotNegative();
            }
        }
        assertThat(depth.values()).isNotEmpty();
        if (data.outcome() == null) { // else the slices of what hangs or fails are open to the end
            assertThat(depth.values()).containsOnly(0);
        }
    }
}
