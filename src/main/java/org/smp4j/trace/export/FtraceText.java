package org.smp4j.trace.export;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/** Traces as ftrace's text. */
public final class FtraceText {
    private static final long MICRO = 1000;
    private static final long SECOND = 1_000_000;
    private static final int MACHINE = 1; // the process of all slices

    private FtraceText() {
    }

    /**
     * As the kernel's file {@code trace}.
     *
     * @param data the trace
     * @return its lines
     */
    public static List<String> kernel(TraceData data) {
        long emitted = data.emitted().stream().mapToLong(Long::longValue).sum();
        List<String> lines = new ArrayList<>(List.of("# tracer: nop", "#",
                "# entries-in-buffer/entries-written: " + data.events().size() + "/" + emitted + "   #P:"
                + data.nrCpus(), "#",
                "#                                _-----=> irqs-off/BH-disabled",
                "#                               / _----=> need-resched",
                "#                              | / _---=> hardirq/softirq",
                "#                              || / _--=> preempt-depth",
                "#                              ||| / _-=> migrate-disable",
                "#                              |||| /     delay",
                "#           TASK-PID     CPU#  |||||  TIMESTAMP  FUNCTION",
                "#              | |         |   |||||     |         |"));
        for (int cpu = 0; cpu < data.nrCpus(); cpu++) {
            if (data.overwritten().get(cpu) > 0) {
                lines.add("# CPU " + cpu + ": " + data.overwritten().get(cpu) + " of " + data.emitted().get(cpu)
                        + " events were overwritten");
            }
        }
        if (data.clock() == TraceData.Clock.STEPS) {
            lines.add("# a microsecond is a step of the explored run");
        }
        if (data.outcome() != null) {
            lines.add("# " + data.outcome());
        }
        for (TraceEvent event : data.events()) {
            String what = event.type() == EventType.FUNCTION ? event.text()
                    : event.type().eventName() + ": " + event.text();
            lines.add(line(event, data.nanos(event), event.comm(), event.context().five(), what));
        }
        return lines;
    }

    private static String line(TraceEvent event, long nanos, String comm, String flags, String what) {
        long micros = nanos / MICRO;
        return "%16s-%-7d [%03d] %s %5d.%06d: %s".formatted(comm, event.pid(), event.cpu(), flags, micros / SECOND,
                micros % SECOND, what);
    }

    /**
     * As Perfetto's importer reads it: what it would drop is shown as slices, instants and counters.
     *
     * @param data the trace
     * @return its lines
     */
    public static List<String> perfetto(TraceData data) {
        List<String> lines = new ArrayList<>(List.of("# tracer: nop", "#"));
        Map<TraceEvent, String> marks = new IdentityHashMap<>();
        Map<TraceEvent, List<TraceEvent>> closed = new IdentityHashMap<>();
        for (Slices.Slice slice : Slices.of(data)) { // one that lasts to the end of the trace is not closed
            marks.put(slice.begin(), "B|" + MACHINE + "|" + slice.name().replace('|', '/'));
            if (slice.end() != null) {
                closed.computeIfAbsent(slice.end(), _ -> new ArrayList<>()).add(slice.begin());
            }
        }
        for (TraceEvent event : data.events()) {
            List<TraceEvent> closes = closed.getOrDefault(event, List.of());
            closes.stream().filter(begin -> !Slices.isSameContext(begin, event))
                    .forEach(begin -> lines.add(line(begin, event, data, mark("E|" + MACHINE))));
            List<String> what = switch (event.type()) {
                case SCHED_SWITCH, SCHED_WAKING -> List.of(event.type().eventName() + ": " + event.text());
                case CALL_QUEUE -> counters(event);
                default -> List.of();
            };
            for (String text : what) {
                lines.add(line(event, event, data, text));
            }
            List<TraceEvent> own = closes.stream().filter(begin -> Slices.isSameContext(begin, event)).toList();
            if (marks.containsKey(event)) {
                lines.add(line(event, event, data, mark(marks.get(event))));
            } else if (what.isEmpty() && own.isEmpty()) {
                lines.add(line(event, event, data,
                        mark("I|" + MACHINE + "|" + event.type().eventName() + " " + event.text().replace('|', '/'))));
            }
            own.forEach(begin -> lines.add(line(begin, event, data, mark("E|" + MACHINE))));
        }
        return lines;
    }

    /** A line in the context of one event, at the time of another. */
    private static String line(TraceEvent context, TraceEvent at, TraceData data, String what) {
        return line(context, data.nanos(at), context.comm().replaceAll("\\s", "_"), at.context().four(), what);
    }

    private static List<String> counters(TraceEvent event) {
        return List.of(mark("C|" + MACHINE + "|call queue of CPU " + event.cpu() + "|" + event.number("len")));
    }

    private static String mark(String text) {
        return "tracing_mark_write: " + text;
    }
}
