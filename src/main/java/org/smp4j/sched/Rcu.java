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
 * <p>Differs: there are no read-side calls. A section with preemption or IRQs off is a reader; when a CPU's scheduler
 * has run, or the CPU sleeps in idle, all its earlier readers have ended.
 */
public final class Rcu {
    /*
     *   reader on another CPU                         | caller
     *   ----------------------------------------------+--------------------------------------------------
     *   section (X): reads, writes                    | writes (A); full fence
     *   switches++ or PARKED, a release; full fence   | reads switches or PARKED, an acquire
     *   section (Y): reads                            | full fence; reads (B)
     *
     * An X that had begun comes before B: release and acquire. A Y that begins after the switch that the caller saw, or
     * had not begun when the caller looked, sees A: two fences, each between a write and a read of what the other side
     * writes.
     *
     * In the model of smp4j's explorations the acquire of "switches" is enough for B; the closing fence orders the case
     * that the CPU has gone, since the online mask is read opaquely. The reader's fence is there for LKMM's sake: the
     * scheduler reads volatile fields between it and a section Y, which does the same in Java.
     */
    private static final long SPIN_NANOS = 200_000;

    private final Scheduler scheduler;
    private final Cpus cpus;
    private final ExpeditedGracePeriods expedited;

    Rcu(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.cpus = scheduler.cpus;
        expedited = new ExpeditedGracePeriods(scheduler.smp, cpus);
    }

    /** {@return grace periods that interrupt the CPUs, for a caller that cannot wait until they schedule} */
    public ExpeditedGracePeriods expedited() {
        return expedited;
    }

    /**
     * Waits until every section with preemption or IRQs off that was in progress has ended, on every online CPU;
     * mirrors {@code synchronize_rcu}. The caller then sees what such a section did; a section that still runs then
     * sees what the caller did before. Context: task, may sleep.
     */
    public void synchronizeRcu() {
        scheduler.mightSleep("synchronize_rcu");
        // each section that begins after the look at its CPU sees what the caller changed before
        VarHandle.fullFence();
        CpuMask waitedFor = cpus.online.copy();
        long[] before = new long[cpus.nrCpuIds];
        // request a switch of all CPUs before waiting for any
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
        VarHandle.fullFence(); // the effects of those sections come before what the caller does next
    }

    /** Most sections are short, so it polls for a while before it sleeps. */
    private void waitFor(int cpu, long before) {
        long start = System.nanoTime();
        long slept = 0;
        for (int turn = 0; !hasPassed(cpu, before); turn++) {
            if (System.nanoTime() - start < SPIN_NANOS) {
                scheduler.condResched();
                Waiter.current().relax(turn);
            } else {
                slept = scheduler.timers.sleepBetweenLooks(slept);
            }
        }
    }

    private boolean hasPassed(int cpu, long before) {
        return scheduler.switches(cpu) != before || !cpus.online.testCpu(cpu) || isQuiescent(cpu);
    }

    /**
     * Whether a CPU certainly has no reader now. That holds for the caller's own CPU, which runs a preemptible task,
     * and for a CPU that sleeps in idle, which need not be woken. A CPU that polls in idle may be in an interrupt or a
     * call, and must pass its loop once.
     */
    private boolean isQuiescent(int cpu) {
        Cpu here = Preempt.disable();
        boolean quiescent = here.id == cpu || cpus.isParked(cpu);
        here.preemptEnable();
        return quiescent;
    }
}
