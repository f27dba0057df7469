package org.smp4j.oracle;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.smp4j.call.IrqWork;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;

/**
 * What the programs log, in the vocabulary of {@code oracle/probes.txt}; one log a machine. Logging is no poll point.
 */
final class ProbeLog {
    /**
     * An entry.
     *
     * @param cpu on which CPU it was logged
     * @param entry the entry
     */
    record Logged(int cpu, String entry) {
    }

    private final Queue<Logged> entries = new ConcurrentLinkedQueue<>();

    List<Logged> entries() {
        return List.copyOf(entries);
    }

    boolean has(String entry) {
        return count(entry) > 0;
    }

    long count(String entry) {
        return entries.stream().filter(logged -> logged.entry.equals(entry)).count();
    }

    /** Logs an entry as it stands. */
    void note(String entry) {
        entries.add(new Logged(Cpu.rawSmpProcessorId(), entry));
    }

    /** Logs a result. */
    void note(String name, int value) {
        note(name + "=" + value);
    }

    void note(String name, boolean value) {
        note(name, value ? 1 : 0);
    }

    /** Logs {@code name@C}. */
    void at(String name) {
        note(name + "@" + Cpu.rawSmpProcessorId());
    }

    /** Logs the context of the function that runs. */
    void context(String tag) {
        note("[%s cpu=%d irqs_off=%d hardirq=%d pc=%x]".formatted(tag, Cpu.rawSmpProcessorId(), LocalIrq.disabled()
                ? 1 : 0, Preempt.inHardirq() ? 1 : 0, Preempt.count()));
    }

    /** Logs the part of the context that the longest probe logs. */
    void shortContext(String tag) {
        note("[%s cpu=%d irqs_off=%d]".formatted(tag, Cpu.rawSmpProcessorId(), LocalIrq.disabled() ? 1 : 0));
    }

    /** Logs where an irq_work runs and how it looks from there. */
    void irqWork(IrqWork work) {
        note("irq_work@%d(hardirq=%d,busy=%d,pend=%d)".formatted(Cpu.rawSmpProcessorId(), Preempt.inHardirq()
                ? 1 : 0, work.isBusy() ? 1 : 0, work.isPending() ? 1 : 0));
    }

    /** Logs {@code name(cpu)@C} and what the masks say of that CPU. */
    void callback(String name, int cpu, Cpus cpus) {
        note("%s(%d)@%d%sonline%sactive".formatted(name, cpu, Cpu.rawSmpProcessorId(), sign(cpus.online.testCpu(cpu)),
                sign(cpus.active.testCpu(cpu))));
    }

    /** As {@link #callback}, with the dying mask and the context. */
    void callbackInContext(String name, int cpu, Cpus cpus) {
        note("%s(%d)@%d%sonline%sactive%sdying irqs_off=%d pc=%x".formatted(name, cpu, Cpu.rawSmpProcessorId(),
                sign(cpus.online.testCpu(cpu)),
                sign(cpus.active.testCpu(cpu)), sign(cpus.dying.testCpu(cpu)), LocalIrq.disabled()
                ? 1 : 0, Preempt.count()));
    }

    private static String sign(boolean set) {
        return set ? "+" : "-";
    }

    /** {@return a function that logs its context} */
    SmpCallFunc logsContext(String tag) {
        return SmpCallFunc.named(tag, info -> context(tag));
    }

    /** {@return a function that logs {@code name@C}} */
    SmpCallFunc logsAt(String name) {
        return SmpCallFunc.named(name, info -> at(name));
    }
}
