package org.smp4j.scenario;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;
import org.smp4j.explore.Interrupts;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Task;

/** The CPUs of a machine as the explorer sees them: who sits where, and which interrupt could be taken. */
final class CpuInterrupts implements Interrupts {
    private final boolean anywhere;

    /**
     * Says where interrupts are taken.
     *
     * @param anywhere whether one that is pending can be taken wherever IRQs are on, and not only where the code polls
     */
    CpuInterrupts(boolean anywhere) {
        this.anywhere = anywhere;
    }

    @Override
    public int pending() {
        if (!anywhere) {
            return 0;
        }
        Cpu cpu = Cpu.currentOrNull();
        return cpu == null || cpu.irqsDisabled() ? 0 : cpu.pendingBits() & PendingWord.INTERRUPTS;
    }

    @Override
    public boolean injected() {
        return anywhere;
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

    @Override
    public String waits(Thread thread) {
        return Oracles.waits(thread);
    }
}
