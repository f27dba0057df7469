package org.smp4j.trace.export;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/** A trace as a sequence diagram of Mermaid: a lane per CPU, calls, interrupts and wake-ups as arrows. */
final class MermaidDiagram {
    private static final int MOST = 150; // Mermaid refuses long texts, and readers do too

    private final TraceData data;
    private final List<String> lines = new ArrayList<>();

    MermaidDiagram(TraceData data) {
        this.data = data;
    }

    List<String> lines() {
        lines.add("sequenceDiagram");
        List<String> told = new ArrayList<>();
        TreeSet<Integer> cpus = new TreeSet<>();
        for (TraceEvent event : data.events()) {
            String line = line(event);
            if (line != null) {
                told.add("    " + line);
                cpus.add(event.cpu());
                if (target(event) >= 0) {
                    cpus.add(target(event));
                }
            }
        }
        if (cpus.isEmpty()) {
            cpus.add(0);
        }
        cpus.forEach(cpu -> lines.add("    participant c" + cpu + " as CPU " + cpu));
        String all = "Note over c" + cpus.first() + (cpus.size() > 1 ? ",c" + cpus.last() : "") + ": ";
        int skipped = Math.max(0, told.size() - MOST);
        if (skipped > 0 || data.lost() > 0) {
            lines.add("    " + all + (skipped + data.lost()) + " events before");
        }
        lines.addAll(told.subList(skipped, told.size()));
        if (data.outcome() != null) {
            lines.add("    " + all + plain(data.outcome()));
        }
        return lines;
    }

    private static int target(TraceEvent event) {
        return switch (event.type()) {
            case CSD_QUEUE_CPU, IPI_SEND_CPU, CPU_STOP_QUEUE_WORK -> event.number("cpu");
            case SCHED_WAKING -> event.number("target_cpu");
            default -> -1;
        };
    }

    private static String line(TraceEvent event) {
        return switch (event.type()) {
            case CSD_QUEUE_CPU -> arrow(event, "->>", "queues " + event.value("func"));
            case CPU_STOP_QUEUE_WORK -> arrow(event, "->>", "stops for " + event.value("fn"));
            case IPI_SEND_CPU -> arrow(event, "-)", event.value("callback") == null ? "reschedule" : "interrupt");
            case SCHED_WAKING -> arrow(event, "-->>", event.comm() + " wakes " + event.value("comm"));
            case CSD_FUNCTION_ENTRY -> note(event, "runs " + event.value("func"));
            case CSD_FUNCTION_EXIT -> note(event, event.value("func") + " has returned");
            case CPU_STOP_WORK_ENTRY -> note(event, "stopper runs " + event.value("fn"));
            case MULTI_STOP_STATE -> note(event, event.value("state").toString());
            case CPUHP_ENTER, CPUHP_MULTI_ENTER -> note(event, "hotplug of CPU " + event.number("cpu") + ", step "
                    + event.number("idx") + " " + event.value("fun"));
            case SCHED_SWITCH -> note(event, event.value("prev_comm") + " to " + event.value("next_comm"));
            default -> null;
        };
    }

    private static String arrow(TraceEvent event, String arrow, String text) {
        return "c" + event.cpu() + arrow + "c" + target(event) + ": " + plain(text);
    }

    private static String note(TraceEvent event, String text) {
        return "Note over c" + event.cpu() + ": " + plain(text);
    }

    /** Escapes what has a meaning in a diagram. */
    private static String plain(String text) {
        StringBuilder out = new StringBuilder();
        for (char c : text.toCharArray()) {
            if (c == ';' || c == '#' || c == '%' || c == '<' || c == '>') {
                out.append('#').append((int) c).append(';');
            } else {
                out.append(c < ' ' ? ' ' : c);
            }
        }
        return out.toString();
    }
}
