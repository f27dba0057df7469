package org.smp4j.scenario;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.Interrupts;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Task;

/** The interrupts of a machine's CPUs: one that is pending can be taken wherever IRQs are on, not only where the code polls. */
final class CpuInterrupts implements Interrupts {
    @Override
    public int pending() {
        Cpu cpu = Cpu.currentOrNull();
        return cpu == null || cpu.irqsDisabled() ? 0 : cpu.pendingBits() & PendingWord.INTERRUPTS;
    }

    @Override
    public void take(int interrupt) {
        Cpu cpu = Cpu.currentOrNull();
        if (cpu != null) {
            cpu.poll();
        }
    }

    @Override
    public String column(Thread thread) {
        Sitter sitter = thread instanceof Waiter.Carrier carrier && carrier.waiter() instanceof Sitter its ? its : null;
        Cpu seat = sitter == null ? null : sitter.seat();
        if (seat == null) {
            return sitter instanceof Task task ? "CPU " + task.cpu() : null; // it waits there
        }
        return seat.toString();
    }
}
