package org.smp4j.trace.export;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.trace.event.EventType;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/**
 * The stretches of a trace: functions, stop works, interrupts and hotplug steps, from begin to end. They nest in the
 * task in whose context they run.
 */
final class Slices {
    /**
     * One stretch.
     *
     * @param begin the event that begins it
     * @param name what runs
     * @param end the event that ends it; if that is not in the trace, the first after which it can't go on: the end of
     *        what encloses it, or the CPU runs another task or is offline; null if it may last to the end of the trace
     */
    record Slice(TraceEvent begin, String name, TraceEvent end) {
        boolean isHotplugStep() {
            return begin.type() == EventType.CPUHP_ENTER || begin.type() == EventType.CPUHP_MULTI_ENTER;
        }
    }

    private record Open(TraceEvent begin, EventType ends, String name, int index) {
    }

    private Slices() {
    }

    private static EventType endOf(EventType type) {
        return switch (type) {
            case CSD_FUNCTION_ENTRY -> EventType.CSD_FUNCTION_EXIT;
            case IPI_ENTRY -> EventType.IPI_EXIT;
            case IRQ_HANDLER_ENTRY -> EventType.IRQ_HANDLER_EXIT;
            case CPU_STOP_WORK_ENTRY -> EventType.CPU_STOP_WORK_EXIT;
            case CPUHP_ENTER, CPUHP_MULTI_ENTER -> EventType.CPUHP_EXIT;
            default -> null;
        };
    }

    private static boolean ends(TraceEvent event) {
        return switch (event.type()) {
            case CSD_FUNCTION_EXIT, IPI_EXIT, IRQ_HANDLER_EXIT, CPU_STOP_WORK_EXIT, CPUHP_EXIT -> true;
            default -> false;
        };
    }

    static String name(TraceEvent event) {
        return switch (event.type()) {
            case CSD_FUNCTION_ENTRY -> Optional.ofNullable(event.value("func")).orElse("function").toString();
            case CPU_STOP_WORK_ENTRY -> Optional.ofNullable(event.value("fn")).orElse("stop work").toString();
            case IPI_ENTRY -> event.value("reason").toString();
            case IRQ_HANDLER_ENTRY -> event.value("name").toString();
            case CPUHP_ENTER, CPUHP_MULTI_ENTER -> event.value("fun") + " step " + event.number("idx");
            default -> throw new IllegalArgumentException(event.type() + " begins nothing");
        };
    }

    /** {@return the stretches, in the order of their begins; an end without a begin in the trace is left out} */
    static List<Slice> of(TraceData data) {
        List<Slice> slices = new ArrayList<>();
        Map<String, Deque<Open>> stacks = new HashMap<>();
        for (TraceEvent event : data.events()) {
            Deque<Open> stack = stacks.computeIfAbsent(context(event), _ -> new ArrayDeque<>());
            EventType end = endOf(event.type());
            if (end != null) {
                stack.push(new Open(event, end, name(event), slices.size()));
                slices.add(new Slice(event, name(event), null));
            } else if (ends(event) && stack.stream().anyMatch(open -> open.ends == event.type())) {
                Open open = stack.pop();
                while (open.ends != event.type()) { // its end is missing: the function threw the machine away
                    slices.set(open.index, new Slice(open.begin, open.name, event));
                    open = stack.pop();
                }
                slices.set(open.index, new Slice(open.begin, open.name, event));
            }
        }
        slices.replaceAll(slice -> slice.end() != null || slice.isHotplugStep() ? slice // a step may sleep
                : new Slice(slice.begin(), slice.name(), latestEnd(slice.begin(), data.events())));
        return slices;
    }

    /** Where what runs on a CPU has ended for certain. An interrupt is on account of the task that it interrupts. */
    private static TraceEvent latestEnd(TraceEvent begin, List<TraceEvent> events) {
        int at = 0;
        while (events.get(at) != begin) {
            at++;
        }
        return events.subList(at + 1, events.size()).stream().filter(event -> event.cpu() == begin.cpu()
                ? event.type() == EventType.SCHED_SWITCH || event.pid() != begin.pid()
                : event.type() == EventType.CPUHP_EXIT && event.number("cpu") == begin.cpu()
                        && event.number("idx") == CpuhpState.TEARDOWN_CPU).findFirst().orElse(null);
    }

    static boolean isSameContext(TraceEvent one, TraceEvent other) {
        return context(one).equals(context(other));
    }

    /** Events of one context nest: a task's own, or those of interrupts on a CPU. */
    private static String context(TraceEvent event) {
        return event.pid() == 0 ? "cpu" + event.cpu() : "task" + event.pid();
    }
}
