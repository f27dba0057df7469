package org.smp4j.trace.export;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/**
 * A trace in Chrome's JSON: a process with a track per CPU, on which tasks run and in them functions; a process with a
 * track per task, with hotplug steps, in which a task may sleep; and arrows from a queued call to its function and from
 * a request to its stoppers. What has no end in the trace lasts as long as it may have, see {@link Slices.Slice}: what
 * hangs lasts to the end. A wake-up and an irq_work have no arrow: the kernel traces no begin of theirs.
 */
final class ChromeJson {
    private static final int CPUS = 1;
    private static final int TASKS = 2;
    private static final double MICRO = 1000.0;
    private static final long MARK = 1000; // nanoseconds, at most, of a mark

    private final TraceData data;
    private final Times times;
    private final long end;
    private final List<String> out = new ArrayList<>();
    private final Map<Integer, String> tasks = new TreeMap<>();
    private final Map<TraceEvent, Long> stub = new IdentityHashMap<>();

    ChromeJson(TraceData data) {
        this.data = data;
        times = new Times(data);
        end = times.last() + MARK;
    }

    List<String> lines() {
        for (int cpu = 0; cpu < data.nrCpus(); cpu++) {
            name("thread_name", CPUS, cpu, "CPU " + cpu);
        }
        name("process_name", CPUS, 0, "CPUs");
        name("process_name", TASKS, 0, "hotplug steps by task");
        stubs();
        running();
        slices();
        marks();
        flows();
        tasks.forEach((pid, comm) -> name("thread_name", TASKS, pid, comm));
        List<String> lines = new ArrayList<>(List.of("{\"traceEvents\":["));
        for (int i = 0; i < out.size(); i++) {
            lines.add(out.get(i) + (i + 1 < out.size() ? "," : ""));
        }
        lines.add("],\"displayTimeUnit\":\"ns\",\"otherData\":{\"overwritten\":" + data.lost() + ",\"clock\":"
                + quoted(data.clock().name()) + (data.outcome() == null ? "" : ",\"outcome\":"
                + quoted(data.outcome())) + "}}");
        return lines;
    }

    private void name(String what, int process, int thread, String name) {
        out.add("{\"ph\":\"M\",\"name\":" + quoted(what) + ",\"pid\":" + process + ",\"tid\":" + thread
                + ",\"args\":{\"name\":" + quoted(name) + "}}");
    }

    private void complete(int process, int thread, long begin, long end, String category, String name, String text) {
        out.add("{\"ph\":\"X\",\"name\":" + quoted(name) + ",\"cat\":" + quoted(category) + ",\"pid\":" + process
                + ",\"tid\":" + thread + ",\"ts\":" + begin / MICRO + ",\"dur\":" + Math.max(0, end - begin) / MICRO
                + ",\"args\":{\"event\":" + quoted(text) + "}}");
    }

    /** Which task runs on each CPU, between switches. */
    private void running() {
        TraceEvent[] since = new TraceEvent[data.nrCpus()];
        for (TraceEvent event : data.events()) {
            if (event.type() == EventType.SCHED_SWITCH) {
                runs(since[event.cpu()], times.of(event));
                since[event.cpu()] = event;
            }
        }
        for (TraceEvent event : since) {
            runs(event, end);
        }
    }

    private void runs(TraceEvent from, long until) {
        if (from != null && from.number("next_pid") != 0) { // an idle CPU is empty
            complete(CPUS, from.cpu(), times.of(from), until, "task", from.value("next_comm").toString(),
                    from.text());
        }
    }

    private void slices() {
        for (Slices.Slice slice : Slices.of(data)) {
            TraceEvent begin = slice.begin();
            boolean step = slice.isHotplugStep();
            if (step) {
                tasks.put(begin.pid(), begin.comm());
            }
            complete(step ? TASKS : CPUS, step ? begin.pid() : begin.cpu(), times.of(begin),
                    slice.end() == null ? end : times.of(slice.end()),
                    begin.type().system(), slice.name(), begin.text());
        }
    }

    /** Where a mark of an event ends: before the CPU's next event, so that it nests, and an arrow can start or end. */
    private void stubs() {
        long[] next = new long[data.nrCpus()];
        Arrays.fill(next, Long.MAX_VALUE);
        for (TraceEvent event : data.events().reversed()) {
            long at = times.of(event);
            stub.put(event, Math.min(at + MARK, at + (next[event.cpu()] - at) / 2));
            next[event.cpu()] = at;
        }
    }

    /** What takes no time. */
    private void marks() {
        for (TraceEvent event : data.events()) {
            long at = times.of(event);
            switch (event.type()) {
                case CSD_QUEUE_CPU, CPU_STOP_QUEUE_WORK, IPI_SEND_CPU, IPI_SEND_CPUMASK, SCHED_WAKING,
                        MULTI_STOP_STATE -> complete(CPUS, event.cpu(), at, stub.get(event),
                        event.type().system(), event.type().eventName(), event.text());
                case CALL_QUEUE -> out.add("{\"ph\":\"C\",\"name\":" + quoted("call queue of CPU " + event.cpu())
                        + ",\"pid\":" + CPUS + ",\"ts\":" + at / MICRO + ",\"args\":{\"calls\":" + event.number("len")
                        + "}}");
                default -> { }
            }
        }
    }

    private void flows() {
        Map<String, TraceEvent> under = new HashMap<>();
        int flow = 0;
        for (TraceEvent event : data.events()) {
            switch (event.type()) {
                case CSD_QUEUE_CPU -> under.put(key(event, "csd", event.number("cpu")), event);
                case CPU_STOP_QUEUE_WORK -> under.put(key(event, "work", event.number("cpu")), event);
                case CSD_FUNCTION_ENTRY, CPU_STOP_WORK_ENTRY -> {
                    boolean call = event.type() == EventType.CSD_FUNCTION_ENTRY;
                    TraceEvent from = under.remove(key(event, call ? "csd" : "work", event.cpu()));
                    if (from != null) {
                        String name = call ? "call" : "stop";
                        flow(++flow, "s", name, from);
                        flow(flow, "f", name, event);
                    }
                }
                default -> { }
            }
        }
    }

    private static String key(TraceEvent event, String field, int target) {
        return event.type().system() + event.value(field) + " " + target;
    }

    private void flow(int id, String phase, String name, TraceEvent at) {
        out.add("{\"ph\":" + quoted(phase) + ",\"id\":" + id + ",\"name\":" + quoted(name) + ",\"cat\":" + quoted(name)
                + (phase.equals("f") ? ",\"bp\":\"e\"" : "") + ",\"pid\":" + CPUS + ",\"tid\":" + at.cpu() + ",\"ts\":"
                + times.of(at) / MICRO + "}");
    }

    private static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                out.append("\\u%04x".formatted((int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
