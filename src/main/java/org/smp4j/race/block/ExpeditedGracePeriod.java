package org.smp4j.race.block;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Errno;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;

/**
 * A grace period that interrupts the CPUs instead of waiting for them to schedule; mirrors the expedited grace periods
 * of {@code kernel/rcu/tree_exp.h}, with one node. A CPU that cannot be interrupted because it is offline is looked at
 * again under the lock: it is reported for if it is gone, left out if it has reported itself on its way down, and tried
 * again if it is still counted, as it is on its way up.
 */
public final class ExpeditedGracePeriod {
    private final Smp smp;
    private final Cpus cpus;
    private final RawSpinLock lock = new RawSpinLock();
    private int watched; // guarded by lock: the CPUs that may have readers, as bits
    // The CPUs for which the grace period waits, as bits.
    // Written by: the grace period and the CPUs that report. Read by: the grace period. Ordering: volatile.
    private final AtomicInteger waitedFor = new AtomicInteger();
    private final boolean[] reading; // each used by its CPU only
    private final boolean[] owed; // each used by its CPU only

    /**
     * No grace period is under way; the online CPUs may have readers.
     *
     * @param smp the calls
     * @param cpus the CPUs
     */
    public ExpeditedGracePeriod(Smp smp, Cpus cpus) {
        this.smp = smp;
        this.cpus = cpus;
        reading = new boolean[cpus.nrCpuIds];
        owed = new boolean[cpus.nrCpuIds];
        for (int cpu = cpus.online.first(); cpu < cpus.nrCpuIds; cpu = cpus.online.next(cpu)) {
            watched |= 1 << cpu;
        }
    }

    /**
     * From here on the current CPU may have readers; it is not online yet. Mirrors {@code rcutree_report_cpu_starting}.
     */
    public void starting() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        watched |= 1 << Cpu.current().id;
        lock.unlock(self, flags);
    }

    /**
     * From here on the current CPU has no readers; it is not online any more. Mirrors {@code rcutree_report_cpu_dead}.
     * It reports first: a grace period that begins between the two still waits for it, and has to report for it.
     */
    public void dead() {
        int cpu = Cpu.current().id;
        report(cpu);
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        watched &= ~(1 << cpu);
        lock.unlock(self, flags);
    }

    /** A reader begins on the current CPU. */
    public void readLock() {
        reading[Cpu.current().id] = true;
    }

    /** It ends. */
    public void readUnlock() {
        int cpu = Cpu.current().id;
        reading[cpu] = false;
        if (owed[cpu]) {
            owed[cpu] = false;
            report(cpu);
        }
    }

    private void report(int cpu) {
        waitedFor.getAndUpdate(mask -> mask & ~(1 << cpu));
    }

    private void handle() {
        int cpu = Cpu.current().id;
        if (reading[cpu]) {
            owed[cpu] = true;
        } else {
            report(cpu);
        }
    }

    /** Waits until all readers that have begun before have ended. Context: a CPU without a reader, IRQs on. */
    public void synchronize() {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        waitedFor.set(watched & ~(1 << Cpu.current().id));
        lock.unlock(self, flags);
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            select(self, cpu);
        }
        for (int turn = 0; waitedFor.get() != 0; turn++) {
            self.relax(turn);
        }
    }

    /** Interrupts a CPU that is waited for, unless it reports itself meanwhile, or is gone. */
    private void select(Waiter self, int cpu) {
        for (int turn = 0; isWaitedFor(cpu) && !interrupt(cpu); turn++) {
            if (isGone(cpu)) {
                Exploring.note("the grace period reports for CPU " + cpu);
                report(cpu);
                return;
            }
            self.relax(turn);
        }
    }

    boolean isWaitedFor(int cpu) {
        return (waitedFor.get() & 1 << cpu) != 0;
    }

    private boolean interrupt(int cpu) {
        boolean offline = smp.smpCallFunctionSingle(cpu, SmpCallFunc.named("rcu_exp_handler", info -> handle()), null,
                true) == -Errno.ENXIO;
        if (offline) {
            Exploring.note("CPU " + cpu + " cannot be interrupted: -ENXIO");
        }
        return !offline;
    }

    /** Whether a CPU that could not be interrupted has no readers. */
    private boolean isGone(int cpu) {
        Waiter self = Waiter.current();
        int flags = lock.lock(self);
        boolean gone = (watched & 1 << cpu) == 0;
        lock.unlock(self, flags);
        return gone;
    }
}
