package org.smp4j.sched;

import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;

/**
 * Grace periods; mirrors {@code synchronize_rcu} of {@code kernel/rcu}.
 *
 * <p>Differs: there are no read-side calls. A section with preemption or IRQs off is a reader; a CPU whose scheduler
 * has run, or that sleeps in idle, has no reader that was there before.
 */
public final class Rcu {
    /*
     *   reader on another CPU                         | caller
     *   ----------------------------------------------+--------------------------------------------------
     *   section (X): reads, writes                    | writes (A); full fence
     *   switches++ or PARKED, a release; full fence   | reads switches or PARKED, an acquire
     *   section (Y): reads                            | full fence; reads (B)
     *
     * X that had begun comes before B: release and acquire. Y that begins after the switch which the caller saw, or was
     * still to come when it looked, sees A: two fences, each between a write and a read of what the other side writes.
     */
    private static final long SPIN_NANOS = 200_000;

    private final Scheduler scheduler;
    private final Cpus cpus;

    Rcu(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.cpus = scheduler.cpus;
    }

    /**
     * Waits until every section with preemption or IRQs off that was under way has ended, on every online CPU; mirrors
     * {@code synchronize_rcu}. What such a section did is visible to the caller afterwards; a section that lasts longer
     * sees what the caller did before. Context: task, may sleep.
     */
    public void synchronizeRcu() {
        scheduler.mightSleep("synchronize_rcu");
        // what the caller changed before is seen by each section that begins after the look at its CPU
        VarHandle.fullFence();
        CpuMask waitedFor = cpus.online.copy();
        long[] before = new long[cpus.nrCpuIds];
        // all are asked before any is waited for
        for (int cpu = waitedFor.first(); cpu < cpus.nrCpuIds; cpu = waitedFor.next(cpu)) {
            before[cpu] = scheduler.switches(cpu);
            if (hasPassed(cpu, before[cpu])) {
                waitedFor.clearCpu(cpu);
            } else {
                scheduler.reschedCpu(cpu);
            }
        }
        for (int cpu = waitedFor.first(); cpu < cpus.nrCpuIds; cpu = waitedFor.next(cpu)) {
            waitFor(cpu, before[cpu]);
        }
        VarHandle.fullFence(); // what those sections did comes before what the caller does next
    }

    /** Most sections are short: it pays to look for a while before sleeping. */
    private void waitFor(int cpu, long before) {
        long start = System.nanoTime();
        for (int turn = 0; !hasPassed(cpu, before); turn++) {
            if (System.nanoTime() - start < SPIN_NANOS) {
                scheduler.condResched();
                Waiter.current().relax(turn);
            } else {
                scheduler.timers.scheduleTimeout(1);
            }
        }
    }

    private boolean hasPassed(int cpu, long before) {
        return scheduler.switches(cpu) != before || !cpus.online.testCpu(cpu) || isQuiescent(cpu);
    }

    /**
     * The caller's own CPU is: it is in a preemptible task. One that sleeps in idle is, without being woken for it. One
     * that polls in idle may be in an interrupt or a call, and is asked to pass its loop once.
     */
    private boolean isQuiescent(int cpu) {
        Cpu here = Preempt.disable();
        boolean quiescent = here.id == cpu || cpus.isParked(cpu);
        here.preemptEnable();
        return quiescent;
    }
}
