package org.smp4j.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.export.FtraceText;

/** Our text of a CPU's way down against the kernel's own: {@code diff} shows only states that this machine lacks. */
class AgainstLinuxTest {
    private static final Pattern HOTPLUG = Pattern.compile(
            "\\s*(\\S+)-\\d+\\s+(\\[\\d+]) (\\S{5})\\s+\\d+\\.\\d{6}: "
            + "(cpuhp_(?:multi_)?(?:enter|exit): .*step: *(\\d+) .*)");

    @TempDir
    private Path dir;

    /** The hotplug steps without times, numbers of tasks, and the request to reschedule, which comes at any time. */
    private static List<String> stripped(List<String> trace) {
        List<String> lines = new ArrayList<>();
        for (String text : trace) {
            Matcher line = HOTPLUG.matcher(text);
            if (line.matches()) {
                String comm = line.group(1).startsWith("cpuhp/") ? line.group(1) : "control";
                lines.add(comm + " " + line.group(2) + " " + line.group(3).replace('N', '.') + " " + line.group(4));
            }
        }
        return lines;
    }

    private List<String> diff(List<String> linux, List<String> here) throws IOException, InterruptedException {
        Path left = Files.write(dir.resolve("linux"), linux);
        Path right = Files.write(dir.resolve("here"), here);
        Process diff = new ProcessBuilder("diff", left.toString(), right.toString()).start();
        List<String> lines = new String(diff.getInputStream().readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        assertThat(diff.waitFor()).as("diff has compared").isLessThan(2);
        return lines.stream().filter(line -> line.startsWith("<") || line.startsWith(">")).toList();
    }

    private static List<String> recorded() throws IOException {
        try (InputStream in = AgainstLinuxTest.class.getClassLoader()
                .getResourceAsStream("oracle/cpu3-down.trace")) {
            return stripped(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        }
    }

    private static int step(String line) {
        Matcher step = Pattern.compile(".*step: *(\\d+) .*").matcher(line);
        assertThat(step.matches()).as(line).isTrue();
        return Integer.parseInt(step.group(1));
    }

    private static boolean isOfAStateThatIsMissing(String line, Set<Integer> states) {
        return line.startsWith("<") && !states.contains(step(line));
    }

    @Test
    void wayDownDiffersInStatesOnly() throws IOException, InterruptedException {
        Set<Integer> states = new TreeSet<>();
        MachineTrace trace = new MachineTrace(4, 1 << 13, EnumSet.allOf(EventType.class));
        TracedMachine.run(4, trace, machine -> {
            machine.hotplug().files().states().lines()
                    .forEach(line -> states.add(Integer.parseInt(line.substring(0, 3).strip())));
            assertThat(machine.hotplug().removeCpu(3)).isZero();
        });
        List<String> text = FtraceText.kernel(trace.data());
        List<String> here = stripped(text);
        assertThat(here).as("hotplug steps here").hasSizeGreaterThan(20);
        List<String> differences = diff(recorded(), here);
        assertThat(differences).isNotEmpty().allMatch(line -> isOfAStateThatIsMissing(line, states));

        // a step that is missing here, and one that Linux does not have, would be seen
        List<String> without = new ArrayList<>(here);
        without.remove(5);
        assertThat(diff(recorded(), without)).anyMatch(line -> !isOfAStateThatIsMissing(line, states));
        List<String> more = new ArrayList<>(here);
        more.add(5, here.get(5).replace("cpu: 0003", "cpu: 0002"));
        assertThat(diff(recorded(), more)).anyMatch(line -> !isOfAStateThatIsMissing(line, states));

        // the head of the file is the kernel's, but for its numbers
        String[] head = {"irqs-off", "need-resched", "hardirq/softirq", "preempt-depth", "migrate-disable", "TASK-PID"};
        for (String column : head) {
            assertThat(text.stream().limit(12)).anyMatch(line -> line.contains(column));
        }
    }
}
