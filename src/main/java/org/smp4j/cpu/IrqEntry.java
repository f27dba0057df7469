package org.smp4j.cpu;

import org.smp4j.lib.EventSink;

/**
 * The entry for an interrupt that a CPU has taken; mirrors {@code common_interrupt} of {@code arch/x86/kernel/irq.c}.
 */
final class IrqEntry {
    private IrqEntry() {
    }

    /** Context: on the CPU, hard interrupt, IRQs off. */
    static void handle(Cpu cpu, int irq) {
        EventSink trace = cpu.trace();
        if (trace != null) {
            trace.ipiEntry(IrqStats.reason(irq));
        }
        cpu.irqStats.count(irq);
        try {
            switch (irq) {
                case PendingWord.CALL -> cpu.cpus.callFunction.handle(cpu);
                case PendingWord.IRQ_WORK -> cpu.cpus.irqWork.handle(cpu);
                case PendingWord.TIMER -> cpu.cpus.timer.handle(cpu);
                default -> { } // RESCHED: the reschedule happens on exit
            }
        } catch (Throwable e) {
            // from a device handler of a test or user; upper floors catch their functions' exceptions
            cpu.cpus.warnings.thrown(IrqStats.reason(irq), e);
        }
        if (trace != null) {
            trace.ipiExit(IrqStats.reason(irq));
        }
    }
}
