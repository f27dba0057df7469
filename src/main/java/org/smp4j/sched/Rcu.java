package org.smp4j.sched;

import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;

/**
 * Grace periods; mirrors {@code synchronize_rcu} of {@code kernel/rcu}.
 *
 * <p>Differs: there are no read-side calls. A section with preemption or IRQs off is a reader; a CPU whose scheduler has run, or that sleeps in idle, has
 * no reader that was there before.
 */
public final class Rcu {
    private final Scheduler scheduler;
    private final Cpus cpus;

    Rcu(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.cpus = scheduler.cpus;
    }

    /** Waits until every section with preemption or IRQs off that was under way has ended, on every online CPU. Context: task, may sleep. */
    public void synchronizeRcu() {
        scheduler.mightSleep("synchronize_rcu");
        VarHandle.fullFence(); // what the caller changed before is seen by each section that begins after the look at its CPU
        for (int cpu = cpus.online.first(); cpu < cpus.nrCpuIds; cpu = cpus.online.next(cpu)) {
            waitFor(cpu);
        }
    }

    private void waitFor(int cpu) {
        long before = scheduler.switches(cpu);
        boolean kicked = false;
        while (scheduler.switches(cpu) == before && cpus.online.testCpu(cpu) && !isQuiescent(cpu)) {
            if (!kicked) {
                scheduler.reschedCpu(cpu);
                kicked = true;
            }
            scheduler.condResched();
            if (scheduler.switches(cpu) == before) {
                scheduler.timers.scheduleTimeout(1);
            }
        }
    }

    /**
     * The caller's own CPU is: it is in a preemptible task. One that sleeps in idle is, without being woken for it. One that polls in idle may be in an
     * interrupt or a call, and is asked to pass its loop once.
     */
    private boolean isQuiescent(int cpu) {
        Cpu here = Preempt.disable();
        boolean quiescent = here.id == cpu || (cpus.cpu(cpu).pendingBits() & PendingWord.PARKED) != 0;
        here.preemptEnable();
        return quiescent;
    }
}
