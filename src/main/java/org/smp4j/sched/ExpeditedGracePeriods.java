package org.smp4j.sched;

import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Wiring;

/**
 * Grace periods that interrupt the CPUs instead of waiting until they schedule by themselves; mirrors
 * {@code kernel/rcu/tree_exp.h}. Readers are the sections of {@link Rcu}.
 *
 * <p>Differs: all CPUs belong to one node; each caller waits for a grace period of its own; idle CPUs are interrupted,
 * too.
 */
public final class ExpeditedGracePeriods {
    /*
     *   CPU with a reader                        | caller
     *   -----------------------------------------+----------------------------------------------------
     *   section (X): reads, writes               | writes (A)
     *   interrupt: owed, if it came within X     | lock: waits for all watched CPUs; interrupts each
     *   after X: reports under the lock          |
     *   section (Y): reads                       | the last report completes it; reads (B)
     *
     * A CPU that reports has no section then. X comes before B by the lock and the completion; Y sees A by the lock or
     * the interrupt.
     *
     *   CPU that comes, or goes                  | caller, for a CPU that is offline: -ENXIO
     *   -----------------------------------------+----------------------------------------------------
     *   starting: watched, under the lock        | lock: not watched: the CPU has no section, and one that begins
     *   sections with IRQs off; online; IRQs on  |   later sees A by the lock: reports for it
     *   sections; offline; sections with IRQs off|   watched: the CPU may have one: tries again
     *   dead: not watched, under the lock        |
     */
    private static final SmpCallFunc HANDLER =
            SmpCallFunc.named("rcu_exp_handler", all -> ((ExpeditedGracePeriods) all).handle());

    private final Smp smp;
    private final Cpus cpus;
    private final Mutex mutex = new Mutex(); // one at a time
    private final Completion over = new Completion();
    private final RawSpinLock lock = new RawSpinLock();
    private final CpuMask watched; // guarded by lock: CPUs that may have sections

    // CPUs that have not reported to the grace period that is under way.
    // Written under the lock. Read by: the task that waits, also without it, to leave out a CPU that has reported.
    private final CpuMask waitedFor;

    // Whether a CPU reports when its section has ended. Each used by its CPU only, with IRQs off, or where an
    // interrupt that comes in between requests a reschedule.
    private final boolean[] owed;

    /**
     * None is under way; CPUs that are online now may have readers.
     *
     * @param smp the calls
     * @param cpus the CPUs
     */
    public ExpeditedGracePeriods(Smp smp, Cpus cpus) {
        this.smp = smp;
        this.cpus = cpus;
        watched = cpus.online.copy();
        waitedFor = new CpuMask(cpus.nrCpuIds);
        owed = new boolean[cpus.nrCpuIds];
    }

    /**
     * From here on the current CPU may have readers; it is not online yet. Mirrors {@code rcutree_report_cpu_starting}.
     * Context: that CPU, IRQs off.
     */
    @Wiring
    public void reportCpuStarting() {
        watch(true);
    }

    /**
     * From here on the current CPU has no readers; it is not online any more. Mirrors {@code rcutree_report_cpu_dead}.
     * Context: that CPU, IRQs off.
     */
    @Wiring
    public void reportCpuDead() {
        noteContextSwitch(Cpu.current());
        watch(false);
    }

    private void watch(boolean may) {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        if (may) {
            watched.setCpuPrivate(Cpu.rawSmpProcessorId());
        } else {
            watched.clearCpuPrivate(Cpu.rawSmpProcessorId());
        }
        lock.unlock(self, flags);
    }

    /**
     * Reports what a CPU owes: its scheduler runs, so all its readers have ended. Mirrors this part of
     * {@code rcu_note_context_switch}. Context: the CPU's scheduler, none of its locks held.
     *
     * @param here the current CPU
     */
    @Wiring
    public void noteContextSwitch(Cpu here) {
        if (owes(here)) {
            owed[here.id] = false;
            report(here.id);
        }
    }

    boolean owes(Cpu here) {
        return owed[here.id];
    }

    /** Context: interrupt, or what else runs a CPU's calls; IRQs off. */
    private void handle() {
        Cpu here = Cpu.current();
        if (isReading(here)) {
            owed[here.id] = true;
            here.resched();
        } else {
            report(here.id);
        }
    }

    /** Whether a section may have been interrupted; so it seems in idle, too, and where a CPU calls itself. */
    private static boolean isReading(Cpu here) {
        return (here.preemptCount() & (Preempt.PREEMPT_MASK | Preempt.SOFTIRQ_MASK)) != 0;
    }

    /** A CPU has no section that began before the grace period. Context: IRQs off, or a task. */
    private void report(int cpu) {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        boolean last = waitedFor.testCpu(cpu);
        if (last) {
            waitedFor.clearCpuPrivate(cpu);
            last = waitedFor.isEmpty();
        }
        lock.unlock(self, flags);
        if (last) {
            over.complete();
        }
    }

    /**
     * As {@link Rcu#synchronizeRcu}, but interrupts the CPUs; mirrors {@code synchronize_rcu_expedited}. Context: task,
     * may sleep.
     */
    public void synchronizeRcuExpedited() {
        Waiter self = Waiter.current();
        self.mightSleep("synchronize_rcu_expedited");
        mutex.lock();
        if (begin(self)) {
            for (int cpu = waitedFor.first(); cpu < cpus.nrCpuIds; cpu = waitedFor.next(cpu)) {
                select(self, cpu);
            }
            over.waitForCompletion();
        }
        mutex.unlock();
    }

    /** Whether any CPU is waited for. The caller's own has no section: it runs a task that may sleep. */
    private boolean begin(Waiter self) {
        int flags = lock.lock(self);
        waitedFor.copyFrom(watched);
        waitedFor.clearCpuPrivate(Cpu.rawSmpProcessorId());
        boolean any = !waitedFor.isEmpty();
        lock.unlock(self, flags);
        return any;
    }

    private void select(Waiter self, int cpu) {
        while (smp.smpCallFunctionSingle(cpu, HANDLER, this, false) == -Errno.ENXIO) {
            if (isGone(self, cpu)) {
                report(cpu);
                return;
            }
            self.blockUntil(System.nanoTime() + Timers.JIFFY);
        }
    }

    /** Whether a CPU that could not be interrupted has no sections. */
    boolean isGone(Waiter self, int cpu) {
        int flags = lock.lock(self);
        boolean gone = !watched.testCpu(cpu);
        lock.unlock(self, flags);
        return gone;
    }
}
