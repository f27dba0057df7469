package org.smp4j.call;

import java.util.Objects;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.PerCpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Wiring;

/**
 * The irq_works of one machine; mirrors {@code kernel/irq_work.c} on an architecture with an irq_work interrupt.
 */
public final class IrqWorks {
    /** A work was queued on an offline CPU. */
    public static final WarnSite QUEUE_ON_OFFLINE = WarnSite.once("irq_work_queue_on", "CPU %d is offline");
    /** The lists were run with IRQs on. */
    public static final WarnSite RUN_IRQS_ON = WarnSite.always("irq_work_run_list", "called with IRQs on, on CPU %d");
    /** {@code irq_work_sync} with IRQs off: the work may be queued on this very CPU. */
    public static final WarnSite SYNC_IRQS_OFF = WarnSite.once("irq_work_sync", "called with IRQs off on CPU %d");
    /** An offline CPU still has work. */
    public static final WarnSite NEEDS_OFFLINE_CPU = WarnSite.once("irq_work_needs_cpu", "CPU %d is offline");

    /** The scheduler's hook for lazy works, which wait for the next tick; mirrors {@code tick_nohz_tick_stopped}. */
    @FunctionalInterface
    public interface Tick {
        /**
         * Makes sure that the CPU gets a next tick. Context: on the CPU, preemption off.
         *
         * @param cpu the current CPU
         * @return false if the tick is stopped there because the CPU idles
         */
        boolean comes(Cpu cpu);
    }

    /** One CPU's lists. */
    private static final class CpuLists {
        final LlistHead raised = new LlistHead();
        final LlistHead lazy = new LlistHead();
    }

    private final Cpus cpus;
    private final Smp smp;
    private final PerCpu<CpuLists> lists;
    // Installed while the machine is made, before any of its threads starts; plain, published by the threads' start.
    private Tick tick = cpu -> false;

    /**
     * The irq_works of a machine.
     *
     * @param smp its calls
     */
    public IrqWorks(Smp smp) {
        this.smp = smp;
        this.cpus = smp.cpus;
        lists = new PerCpu<>(cpus, cpu -> new CpuLists());
        cpus.installIrqWork(cpu -> irqWorkRun());
        smp.flusher().installIrqWork(this::single);
    }

    /**
     * Installs the tick.
     *
     * @param source the scheduler's tick
     */
    @Wiring
    public void installTick(Tick source) {
        tick = Objects.requireNonNull(source, "source");
    }

    /**
     * Queues a work on the current CPU; mirrors {@code irq_work_queue}. Context: any.
     *
     * @param work the work
     * @return false if it was already pending: its function has not begun yet, and will see what the caller wrote
     *         before
     */
    public boolean irqWorkQueue(IrqWork work) {
        Objects.requireNonNull(work, "work");
        cpus.current();
        if (!work.claim()) {
            return false;
        }
        Cpu self = Preempt.disable();
        queueLocal(self, work);
        self.preemptEnable();
        return true;
    }

    /**
     * Queues a work on a CPU; mirrors {@code irq_work_queue_on}. Context: any; the caller keeps the CPU online.
     *
     * @param work the work
     * @param cpu the CPU; an offline one causes a warning, once, but is not refused
     * @return as {@link #irqWorkQueue}
     * @throws IllegalArgumentException if there is no such CPU
     */
    public boolean irqWorkQueueOn(IrqWork work, int cpu) {
        Objects.requireNonNull(work, "work");
        Cpu target = cpus.cpu(cpu);
        cpus.current();
        if (!target.isOnline()) {
            cpus.warnings.warn(QUEUE_ON_OFFLINE, cpu);
        }
        if (!work.claim()) {
            return false;
        }
        Cpu self = Preempt.disable();
        if (target == self) {
            queueLocal(self, work);
        } else {
            work.src = (short) self.id;
            work.dst = (short) cpu;
            smp.smpCallSingleQueue(self, target, work);
        }
        self.preemptEnable();
        return true;
    }

    private void queueLocal(Cpu self, IrqWork work) {
        boolean lazy = work.isLazy();
        CpuLists own = lists.get(self.id);
        boolean first = (lazy ? own.lazy : own.raised).add(work);
        if (first && (!lazy || !tick.comes(self))) {
            EventSink trace = self.trace();
            if (trace != null) {
                trace.ipiSendCpu(self.id, work.func);
            }
            self.sendInterrupt(PendingWord.IRQ_WORK);
        }
    }

    /**
     * Runs the current CPU's works; mirrors {@code irq_work_run}. Context: IRQs off: the irq_work interrupt, or the
     * stopper of a CPU that goes offline.
     */
    public void irqWorkRun() {
        Cpu self = Cpu.current();
        self.traceFunction("irq_work_run");
        runList(self, lists.get(self.id).raised);
        runList(self, lists.get(self.id).lazy);
    }

    /** Runs the current CPU's lazy works; mirrors {@code irq_work_tick}. Context: the tick, IRQs off. */
    @Wiring
    public void irqWorkTick() {
        Cpu self = Cpu.current();
        runList(self, lists.get(self.id).lazy);
    }

    /** {@return whether the current CPU's tick must continue; mirrors {@code irq_work_needs_cpu}} */
    public boolean irqWorkNeedsCpu() {
        Cpu self = Cpu.current();
        if (lists.get(self.id).lazy.isEmpty()) {
            return false;
        }
        if (!self.isOnline()) {
            cpus.warnings.warn(NEEDS_OFFLINE_CPU, self.id);
        }
        return true;
    }

    /** Newest first: unlike the call queue, the list is not reversed. Mirrors {@code irq_work_run_list}. */
    private void runList(Cpu self, LlistHead list) {
        if (!self.irqsDisabled()) {
            cpus.warnings.warn(RUN_IRQS_ON, self.id);
        }
        if (list.isEmpty()) {
            return;
        }
        LlistNode next;
        for (LlistNode entry = list.delAll(); entry != null; entry = next) {
            next = entry.next(); // before the function, which may queue the work again
            single((IrqWork) entry);
        }
    }

    /** Mirrors {@code irq_work_single}. */
    private void single(IrqWork work) {
        Cpu self = Cpu.current();
        int count = self.preemptCount();
        boolean irqsOff = self.irqsDisabled();
        int begun = work.begin();
        try {
            work.func.call(work);
        } catch (Throwable e) {
            cpus.warnings.thrown(work.func, e);
        }
        Context.check(self, work.func, count, irqsOff);
        work.end(begun);
    }

    /**
     * Waits until a work is neither pending nor running; mirrors {@code irq_work_sync}. Context: task, may sleep; not
     * from the work's own function.
     *
     * @param work the work
     * @throws IllegalStateException if the caller is a task that must not sleep here
     */
    public void irqWorkSync(IrqWork work) {
        Objects.requireNonNull(work, "work");
        Cpu self = cpus.current();
        if (self.irqsDisabled()) {
            cpus.warnings.warn(SYNC_IRQS_OFF, self.id);
        }
        self.sitter().mightSleep("irq_work_sync");
        for (int turn = 0; work.isBusy(); turn++) {
            Cpu.current().sitter().relax(turn);
        }
    }
}
