package org.smp4j.compare;

import java.util.List;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.trace.MachineTrace;

/**
 * What a trace costs: a waiting call on machines without tracepoints, with them but without a tracer, and with a
 * tracer; and one event.
 */
final class Tracing implements AutoCloseable {
    private static final SmpCallFunc FUNC = SmpCallFunc.named("nothing", _ -> { });
    private static final Csd CSD = new Csd(FUNC, null);
    private final Copy without = new Copy(false, false);
    private final Copy off = new Copy(true, false);
    private final Copy on = new Copy(true, true);
    private final MachineTrace trace = new MachineTrace(2);
    private final Rig traced = new Rig(2, trace);

    List<Subject> subjects() {
        Subject none = Subject.of("waiting call without tracepoints", without::waits);
        Subject quiet = Subject.of("waiting call, tracing off", off::waits);
        return List.of(none, quiet,
                Subject.of("waiting call, tracing off, by one without tracepoints", off::waits)
                .against(none).atMost(1.05),
                Subject.of("waiting call, tracing on", on::waits),
                Subject.of("waiting call, tracing on, by one with tracing off", on::waits).against(quiet),
                Subject.of("an event of a trace", nanos -> traced.measure(0,
                        () -> Batch.median(nanos, 100, () -> trace.schedWakeIdleWithoutIpi(1)))),
                Subject.of("a csd_queue_cpu event of a trace", nanos -> traced.measure(0,
                        () -> Batch.median(nanos, 100, () -> trace.csdQueueCpu(1, FUNC, CSD)))));
    }

    @Override
    public void close() {
        without.close();
        off.close();
        on.close();
        traced.close();
    }
}
