package org.smp4j.cpu;

import org.smp4j.lib.EventSink;
import org.smp4j.lib.Trace;

/**
 * Tracepoints of what one CPU does to another; mirrors the calls of {@code trace_ipi_send_cpu} and
 * {@code trace_sched_wake_idle_without_ipi}. The caller may sit on no CPU; then there is no event.
 */
final class Tracepoints {
    private Tracepoints() {
    }

    private static EventSink callers(Cpu target) {
        Cpu here = Trace.ON || target.tracer != null ? Cpu.currentOrNull() : null;
        return here == null ? null : here.trace();
    }

    static void ipiRaise(Cpu target, int irq) {
        EventSink trace = callers(target);
        if (trace != null) {
            trace.ipiRaise(target.id, IrqStats.reason(irq));
        }
    }

    /** A reschedule. */
    static void ipiSendCpu(Cpu target) {
        EventSink trace = callers(target);
        if (trace != null) {
            trace.ipiSendCpu(target.id, null);
        }
    }

    static void schedWakeIdleWithoutIpi(Cpu target) {
        EventSink trace = callers(target);
        if (trace != null) {
            trace.schedWakeIdleWithoutIpi(target.id);
        }
    }
}
