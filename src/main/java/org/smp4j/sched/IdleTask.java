package org.smp4j.sched;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IdleWait;
import org.smp4j.lib.CpuMask;

/**
 * A CPU's own task, {@code cpu/3}, which sits there when no other task does; mirrors {@code do_idle} of
 * {@code kernel/sched/idle.c}.
 */
final class IdleTask extends Task {
    IdleTask(Scheduler scheduler, int cpu) {
        super(scheduler, "cpu/" + cpu, Policy.IDLE, CpuMask.of(scheduler.cpus.nrCpuIds, cpu), null);
        firstContext(2, true); // as if another task had just switched to it
    }

    @Override
    void main() {
        Cpu cpu = seat();
        if (!cpu.isOnline()) {
            scheduler.lifecycle().startSecondary(cpu);
        }
        cpu.irqRestore(false);
        for (;;) {
            if (!cpu.isOnline()) { // even with a reschedule request pending: no task of this CPU runs any more
                scheduler.lifecycle().idleDead(cpu);
                leaveSeatEmpty();
                scheduler.lifecycle().seatIsEmpty(cpu);
                return;
            }
            while (!cpu.needResched() && cpu.isOnline()) {
                IdleWait.await(cpu);
                cpu.poll();
            }
            // Cleared before the look at the queues: a thread that queues something requests again afterwards. For
            // calls, the CPU stays marked as polling.
            cpu.clearNeedReschedInPolling();
            scheduler.smp.flushSmpCallFunctionQueue();
            // between two interrupts: a waiter for a grace period counts this as a pass of the scheduler
            scheduler.runQueue(cpu.id).noteSwitch();
            scheduler.rcu().expedited().noteContextSwitch(cpu);
            if (scheduler.hasWork(cpu.id)) {
                cpu.clearNeedResched();
                scheduler.smp.flushSmpCallFunctionQueue(); // of senders that saw the CPU polling, and sent no interrupt
                scheduler.scheduleIdle(cpu, this);
            }
        }
    }
}
