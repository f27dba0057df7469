package org.smp4j.compare;

import java.util.List;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.trace.MachineTrace;

/**
 * What a trace costs: a waiting call on machines without tracepoints, with them but without a tracer, and with a
 * tracer; and one event.
 */
final class Tracing implements AutoCloseable {
    private static final SmpCallFunc NOP = info -> {
    };

    private final MachineTrace trace = new MachineTrace(2);
    private final Rig traced = new Rig(2, trace);
    private final Untraced untraced = new Untraced();

    List<Subject> subjects(Rig rig) {
        Subject off = Subject.of("waiting call, tracing off", nanos -> waits(rig, nanos));
        Subject none = Subject.of("waiting call without tracepoints", untraced::waits);
        return List.of(off, none,
                Subject.of("waiting call, tracing off, by one without tracepoints", nanos -> waits(rig, nanos))
                .against(none).atMost(1.05),
                Subject.of("waiting call, tracing on", nanos -> waits(traced, nanos)),
                Subject.of("waiting call, tracing on, by one with tracing off", nanos -> waits(traced, nanos))
                .against(off),
                Subject.of("an event of a trace", nanos -> traced.measure(0,
                        () -> Batch.median(nanos, 100, () -> trace.schedWakeIdleWithoutIpi(1)))));
    }

    static double waits(Rig rig, long nanos) {
        return rig.measure(0, () -> Batch.median(nanos, 100,
                () -> rig.machine.smp().smpCallFunctionSingle(1, NOP, null, true)));
    }

    @Override
    public void close() {
        traced.close();
        untraced.close();
    }
}
