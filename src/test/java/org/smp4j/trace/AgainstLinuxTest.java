package org.smp4j.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.export.FtraceText;

/**
 * Our text of a CPU's way down against the kernel's own, context by context, with the flags of each line: {@code diff}
 * shows only states and pieces that this machine lacks, each of which has its name here.
 */
class AgainstLinuxTest {
    private static final Pattern LINE =
            Pattern.compile("\\s*(\\S+)-\\d+\\s+\\[(\\d+)] (\\S{5})\\s+[\\d.]+: (.*)");
    private static final Pattern STEP = Pattern.compile(".* cpuhp_(multi_)?(enter|exit): .*step: *(\\d+) .*");
    private static final List<String> TURN = List.of("cpuhp_should_run", "cpuhp_thread_fun", "cpuhp_next_state",
            "cpuhp_invoke_callback");

    /** What diff may show besides whole states: the context and the line, and why. */
    private static final Map<String, String> PIECES = pieces();

    @TempDir
    private Path dir;

    private final Set<Integer> states = new TreeSet<>();
    private List<String> text;

    private static Map<String, String> pieces() {
        String notRecorded = "called by Linux too, and not among the functions that were recorded";
        Map<String, String> pieces = new LinkedHashMap<>();
        pieces.put("control < [000] ..... rcutree_migrate_callbacks", "RCU has no callbacks here");
        pieces.put("control > [000] ..... finish_cpu", notRecorded);
        pieces.put("control > [000] ..... timers_dead_cpu", notRecorded);
        pieces.put("cpuhp/3 < [003] ..... rcutree_affinity_setting", "RCU has no threads here");
        pieces.put("cpuhp/3 > [003] ..... workqueue_offline_cpu", notRecorded);
        pieces.put("cpuhp/3 > [003] ..... smpboot_park_threads", notRecorded);
        pieces.put("idle of CPU 3 < [003] d..1. rcutree_report_cpu_dead", "RCU needs no report here");
        pieces.put("migration/3 < [003] d..1. native_cpu_disable", "a function of x86");
        pieces.put("migration/3 < [003] d..2. set_cpu_online", "x86 holds a lock of its own there");
        pieces.put("migration/3 > [003] d..1. set_cpu_online", "the same without that lock");
        pieces.put("migration/3 > [003] d..1. tick_cpu_dying", notRecorded);
        pieces.put("migration/3 > [003] d..1. hrtimers_cpu_dying", notRecorded);
        pieces.put("migration/3 > [003] d..1. irq_work_run", notRecorded);
        pieces.put("migration/3 < [003] d..1. cpuhp_next_state", "a state of x86 below that of the scheduler");
        pieces.put("migration/3 < [003] d..1. cpuhp_invoke_callback", "the same state");
        return pieces;
    }

    @BeforeEach
    void trace() throws InterruptedException {
        MachineTrace trace = new MachineTrace(4, 1 << 13, EnumSet.allOf(EventType.class));
        TracedMachine.run(4, trace, machine -> {
            machine.hotplug().files().states().lines()
                    .forEach(line -> states.add(Integer.parseInt(line.substring(0, 3).strip())));
            assertThat(machine.hotplug().removeCpu(3)).isZero();
        });
        text = FtraceText.kernel(trace.data());
        text = text.subList(IntStream.range(0, text.size()).filter(i -> text.get(i).contains("cpuhp_kick_ap_work"))
                .findFirst().orElseThrow(), text.size()); // without the boot
    }

    /**
     * Where a line was made; null if this is not about the way down: other CPUs' interrupts, and wake-ups, which come
     * at any time.
     */
    private static String context(String comm, int cpu, String flags, String what) {
        boolean interrupt = flags.charAt(2) != '.';
        if (interrupt || comm.equals("<idle>") && cpu == 0) { // an idle CPU that polls takes a call without one
            return what.contains("cpuhp_complete_idle_dead") ? "interrupt" : null;
        }
        if (!what.matches("(cpuhp_(multi_)?(enter|exit): |\\w+( <-|$)).*")) {
            return null;
        }
        if (comm.startsWith("cpuhp/") || comm.startsWith("migration/")) {
            return comm;
        }
        if (comm.equals("<idle>")) {
            return cpu == 3 ? "idle of CPU 3" : null;
        }
        return cpu == 0 ? "control" : null;
    }

    /**
     * What each context did, without times, numbers of tasks, addresses, callers, the request to reschedule, which
     * comes at any time, and the preempt count that an interrupt found: idle's, or that of a task that still runs.
     */
    private static Map<String, List<String>> stripped(List<String> trace) {
        Map<String, List<String>> contexts = new LinkedHashMap<>();
        for (String each : trace) {
            Matcher line = LINE.matcher(each);
            if (line.matches()) {
                String what = line.group(4);
                String context = context(line.group(1), Integer.parseInt(line.group(2)), line.group(3), what);
                if (context != null) {
                    String flags = line.group(3).replace('N', '.');
                    contexts.computeIfAbsent(context, _ -> new ArrayList<>()).add("[" + line.group(2) + "] "
                            + (context.equals("interrupt") ? flags.substring(0, 2) + "h"
                            + flags.substring(3).replaceFirst("\\d", ".") : flags) + " "
                            + what.replaceFirst(" <-.*", "").replaceFirst("csd=.*", "csd"));
                }
            }
        }
        return contexts;
    }

    private static int step(String line) {
        Matcher step = STEP.matcher(line);
        return step.matches() ? Integer.parseInt(step.group(3)) : -1;
    }

    private static String function(String line) {
        return line.substring(line.lastIndexOf(' ') + 1);
    }

    /**
     * Takes out the turns of the step engine for states that this machine lacks, and those for states that had no
     * instance: they call nothing.
     */
    private List<String> withoutMissingStates(List<String> lines) {
        List<String> left = new ArrayList<>();
        for (int i = 0; i < lines.size(); ) {
            int calls = i;
            while (calls < lines.size() && TURN.contains(function(lines.get(calls)))) {
                calls++;
                if (function(lines.get(calls - 1)).equals("cpuhp_invoke_callback")) {
                    break;
                }
            }
            boolean turn = calls > i && function(lines.get(calls - 1)).equals("cpuhp_invoke_callback");
            int end = calls;
            int step = turn && calls < lines.size() ? step(lines.get(calls)) : -1;
            while (step >= 0 && end < lines.size() && (step(lines.get(end)) == step || !lines.get(end)
                    .contains("cpuhp_") && step(lines.get(end)) < 0)) {
                end++;
            }
            if (turn && (step >= 0 ? !states.contains(step) : !lines.get(i).contains("] d"))) {
                i = end;
            } else {
                left.add(lines.get(i++));
            }
        }
        return left;
    }

    /** Takes out the looks of a hotplug thread that find nothing: they come with each wake-up. */
    private static List<String> withoutIdleLooks(List<String> lines) {
        return IntStream.range(0, lines.size()).filter(i -> !function(lines.get(i)).equals(TURN.getFirst())
                || i + 1 < lines.size() && function(lines.get(i + 1)).equals(TURN.get(1)))
                .mapToObj(lines::get).toList();
    }

    private List<String> diff(Map<String, List<String>> linux, Map<String, List<String>> here)
            throws IOException, InterruptedException {
        List<String> differences = new ArrayList<>();
        Set<String> contexts = new TreeSet<>(linux.keySet());
        contexts.addAll(here.keySet());
        for (String context : contexts) {
            Path left = Files.write(dir.resolve("linux"),
                    withoutIdleLooks(withoutMissingStates(linux.getOrDefault(context, List.of()))));
            Path right = Files.write(dir.resolve("here"),
                    withoutIdleLooks(here.getOrDefault(context, List.of())));
            Process diff = new ProcessBuilder("diff", left.toString(), right.toString()).start();
            String told = new String(diff.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(diff.waitFor()).as("diff has compared").isLessThan(2);
            told.lines().filter(line -> line.startsWith("<") || line.startsWith(">"))
                    .forEach(line -> differences.add(context + " " + line));
        }
        return differences;
    }

    private static List<String> recorded(String name) throws IOException {
        try (InputStream in = AgainstLinuxTest.class.getClassLoader().getResourceAsStream("oracle/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }

    @Test
    void wayDownDiffersInNamedPiecesOnly() throws IOException, InterruptedException {
        Map<String, List<String>> here = stripped(text);
        assertThat(here.keySet()).as("contexts here").containsExactlyInAnyOrder("control", "cpuhp/3", "migration/0",
                "migration/1", "migration/2", "migration/3", "idle of CPU 3", "interrupt");
        assertThat(here.values().stream().mapToInt(List::size).sum()).isGreaterThan(80);
        assertThat(diff(stripped(recorded("cpu3-down.trace")), here)).containsExactlyElementsOf(PIECES.keySet());
    }

    /** Takes a line away, adds one, or changes one, and diff shows it. */
    @Test
    void anyOtherDifferenceIsSeen() throws IOException, InterruptedException {
        Map<String, List<String>> linux = stripped(recorded("cpu3-down.trace"));
        for (String context : stripped(text).keySet()) {
            Map<String, List<String>> without = stripped(text);
            String gone = without.get(context).removeFirst();
            assertThat(diff(linux, without)).contains(context + " < " + gone);
            Map<String, List<String>> more = stripped(text);
            more.get(context).addFirst("[003] ..... cpu_stop_queue_work");
            assertThat(diff(linux, more)).contains(context + " > [003] ..... cpu_stop_queue_work");
            Map<String, List<String>> other = stripped(text);
            String changed = other.get(context).getFirst().replaceFirst("] ....", "] dN.9");
            other.get(context).set(0, changed);
            assertThat(diff(linux, other)).contains(context + " > " + changed);
        }
    }

    /** What the recording could not show stands nowhere in it. */
    @Test
    void functionsThatWereNotRecordedStandInNoRecording() throws IOException {
        Set<String> recorded = new TreeSet<>();
        for (String name : List.of("cpu3-down.trace", "cpu3-up.trace")) {
            recorded(name).stream().map(LINE::matcher).filter(Matcher::matches).map(line -> line.group(4))
                    .filter(what -> what.contains(" <-")).forEach(what -> recorded.add(what.replaceFirst(" <-.*", "")));
        }
        assertThat(recorded).contains("set_cpu_online", "rcutree_dying_cpu");
        PIECES.forEach((line, why) -> {
            if (why.startsWith("called by Linux")) {
                assertThat(line).contains(" > ");
                assertThat(recorded).doesNotContain(function(line));
            }
        });
    }

    @Test
    void headIsTheKernels() throws IOException {
        MachineTrace none = new MachineTrace(4);
        List<String> linux = recorded("cpu3-down.trace").subList(3, 12);
        assertThat(FtraceText.kernel(none.data()).subList(3, 12)).isEqualTo(linux);
    }
}
