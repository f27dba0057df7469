package org.smp4j.cpu;

import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;

/**
 * Wraps a listener to tracepoints, which may throw or change the preempt count or IRQ flag; both are warnings, and a
 * listener that has thrown is removed. No kernel counterpart: a probe that faults is an oops.
 */
final class GuardedEvents implements EventSink {
    private final EventSink sink;

    GuardedEvents(EventSink sink) {
        this.sink = sink;
    }

    private void call(Runnable event) {
        Cpu here = Cpu.currentOrNull();
        int count = here == null ? 0 : here.preemptCount();
        boolean irqsOff = here != null && here.irqsDisabled();
        boolean held = here != null && here.hold(true);
        if (irqsOff) {
            here.pinIrqs(true);
        }
        try {
            event.run();
        } catch (Throwable e) {
            if (here == null) {
                throw e;
            }
            here.cpus.setEvents(null);
            here.cpus.warnings.thrown(sink, e);
        }
        if (here != null) {
            here.pinIrqs(false);
            here.hold(held);
            Context.check(here, sink, count, irqsOff);
        }
    }

    @Override
    public void csdQueueCpu(int cpu, Object func, Object csd) {
        call(() -> sink.csdQueueCpu(cpu, func, csd));
    }

    @Override
    public void csdFunctionEntry(Object func, Object csd) {
        call(() -> sink.csdFunctionEntry(func, csd));
    }

    @Override
    public void csdFunctionExit(Object func, Object csd) {
        call(() -> sink.csdFunctionExit(func, csd));
    }

    @Override
    public void ipiSendCpu(int cpu, Object callback) {
        call(() -> sink.ipiSendCpu(cpu, callback));
    }

    @Override
    public void ipiSendCpumask(CpuMask cpus, Object callback) {
        call(() -> sink.ipiSendCpumask(cpus, callback));
    }

    @Override
    public void ipiRaise(int cpu, String reason) {
        call(() -> sink.ipiRaise(cpu, reason));
    }

    @Override
    public void ipiEntry(String reason) {
        call(() -> sink.ipiEntry(reason));
    }

    @Override
    public void ipiExit(String reason) {
        call(() -> sink.ipiExit(reason));
    }

    @Override
    public void cpuhpEnter(int cpu, int target, int idx, Object fun) {
        call(() -> sink.cpuhpEnter(cpu, target, idx, fun));
    }

    @Override
    public void cpuhpMultiEnter(int cpu, int target, int idx, Object fun) {
        call(() -> sink.cpuhpMultiEnter(cpu, target, idx, fun));
    }

    @Override
    public void cpuhpExit(int cpu, int state, int idx, int ret) {
        call(() -> sink.cpuhpExit(cpu, state, idx, ret));
    }

    @Override
    public void schedWakeIdleWithoutIpi(int cpu) {
        call(() -> sink.schedWakeIdleWithoutIpi(cpu));
    }

    @Override
    public void schedSwitch(Object prev, Object next) {
        call(() -> sink.schedSwitch(prev, next));
    }

    @Override
    public void schedWaking(Object task, int cpu) {
        call(() -> sink.schedWaking(task, cpu));
    }

    @Override
    public void function(String name) {
        call(() -> sink.function(name));
    }
}
