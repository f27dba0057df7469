package org.smp4j.testing;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Symbol;

/**
 * Keeps the events of the call floor as lines like {@code 0 csd_queue_cpu 1 func}, each beginning with the CPU on which
 * it happened.
 */
public class Recorder implements EventSink {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    /** {@return all lines, in the order in which they were noted} */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    /**
     * The lines of one kind.
     *
     * @param event the event's name
     * @return its lines
     */
    public List<String> lines(String event) {
        return lines.stream().filter(line -> line.contains(" " + event + " ") || line.endsWith(" " + event)).toList();
    }

    private void note(String event) {
        lines.add(Cpu.rawSmpProcessorId() + " " + event);
    }

    @Override
    public void csdQueueCpu(int cpu, Object func, Object csd) {
        note("csd_queue_cpu " + cpu + " " + Symbol.ps(func));
    }

    @Override
    public void csdFunctionEntry(Object func, Object csd) {
        note("csd_function_entry " + Symbol.ps(func) + (csd == null ? " null" : ""));
    }

    @Override
    public void csdFunctionExit(Object func, Object csd) {
        note("csd_function_exit " + Symbol.ps(func) + (csd == null ? " null" : ""));
    }

    @Override
    public void ipiSendCpu(int cpu, Object callback) {
        note("ipi_send_cpu " + cpu + " " + Symbol.ps(callback));
    }

    @Override
    public void ipiSendCpumask(CpuMask cpus, Object callback) {
        note("ipi_send_cpumask " + cpus + " " + Symbol.ps(callback));
    }

    @Override
    public void schedWakeIdleWithoutIpi(int cpu) {
        note("sched_wake_idle_without_ipi " + cpu);
    }
}
