package org.smp4j.sched;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IdleWait;
import org.smp4j.lib.CpuMask;

/**
 * A CPU's own task, {@code cpu/3}, which sits there when nobody else does; mirrors {@code do_idle} of
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
            if (!cpu.isOnline()) { // also with a request to reschedule pending: no task of this CPU runs any more
                scheduler.lifecycle().idleDead(cpu);
                leaveSeatEmpty();
                scheduler.lifecycle().seatIsEmpty(cpu);
                return;
            }
            while (!cpu.needResched() && cpu.isOnline()) {
                IdleWait.await(cpu);
                cpu.poll();
            }
            // Taken before the look at the queues: who queues something asks again after it. For calls the CPU goes on
            // to be seen polling.
            cpu.clearNeedReschedInPolling();
            scheduler.smp.flushSmpCallFunctionQueue();
            // between two interrupts: who waits for a grace period takes that for a turn of the scheduler
            scheduler.runQueue(cpu.id).noteSwitch();
            if (scheduler.hasWork(cpu.id)) {
                cpu.clearNeedResched();
                scheduler.smp.flushSmpCallFunctionQueue(); // of who saw it polling until now, and sent no interrupt
                scheduler.scheduleIdle(cpu, this);
            }
        }
    }
}
