package org.smp4j.trace.export;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.trace.event.TraceData;
import org.smp4j.trace.event.TraceEvent;

/**
 * When exports show each event of a trace. The events of one step of an explored run are spread over its microsecond,
 * in their order: otherwise a slice between two of them would take no time, and an arrow would end in any of them.
 */
final class Times {
    private final TraceData data;
    private final Map<TraceEvent, Long> nanos = new IdentityHashMap<>();

    Times(TraceData data) {
        this.data = data;
        List<TraceEvent> events = data.events();
        long unit = data.clock().nanos(1);
        for (int first = 0, next; first < events.size(); first = next) {
            long time = events.get(first).time();
            for (next = first + 1; next < events.size() && events.get(next).time() == time; ) {
                next++;
            }
            for (int i = first; i < next; i++) {
                nanos.put(events.get(i), data.clock().nanos(time) + unit * (i - first) / (next - first));
            }
        }
    }

    /** {@return nanoseconds since the trace began} */
    long of(TraceEvent event) {
        return nanos.get(event);
    }

    /** {@return the time of the last event, or 0 if there is none} */
    long last() {
        return data.events().isEmpty() ? 0 : of(data.events().getLast());
    }
}
