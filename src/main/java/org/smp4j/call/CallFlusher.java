package org.smp4j.call;

import java.util.Objects;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Symbol;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Wiring;

/**
 * Runs the calls that other CPUs have queued for a CPU; mirrors {@code __flush_smp_call_function_queue} of
 * {@code kernel/smp.c}.
 */
public final class CallFlusher {
    /** An upper floor's handler for queued wake-ups; mirrors {@code sched_ttwu_pending}. */
    @FunctionalInterface
    public interface TtwuHandler {
        /**
         * Wakes every task of a chain. Context: on the CPU, IRQs off.
         *
         * @param chain nodes of type {@link TtwuNode}, oldest first; a node's link must be read before its task is
         *         woken
         */
        void schedTtwuPending(LlistNode chain);
    }

    /** An upper layer's function that runs an irq_work. */
    @FunctionalInterface
    interface IrqWorkHandler {
        void irqWorkSingle(IrqWork work);
    }

    /** Calls were found on an offline CPU. */
    public static final WarnSite IPI_ON_OFFLINE_CPU =
            WarnSite.once("__flush_smp_call_function_queue", "IPI on offline CPU %d");
    /** The flush was called with IRQs on. */
    public static final WarnSite IRQS_ON =
            WarnSite.once("__flush_smp_call_function_queue", "called with IRQs on, on CPU %d");

    private final Smp smp;

    // Installed while the machine is made, before any of its threads starts; plain, published by the threads' start.
    private TtwuHandler ttwu = chain -> {
    };
    private IrqWorkHandler irqWork = work -> {
    };

    CallFlusher(Smp smp) {
        this.smp = smp;
    }

    /**
     * Installs the handler that wakes tasks.
     *
     * @param handler the handler
     */
    @Wiring
    public void installTtwu(TtwuHandler handler) {
        ttwu = Objects.requireNonNull(handler, "handler");
    }

    void installIrqWork(IrqWorkHandler handler) {
        irqWork = handler;
    }

    /**
     * Runs all entries queued now, in three passes: calls whose senders wait; other calls and irq_works; wake-ups.
     * Within a pass, oldest first. Entries added meanwhile are left for the interrupt that their sender raises.
     */
    void flush(Cpu self, boolean warnCpuOffline) {
        self.traceFunction("__flush_smp_call_function_queue");
        if (!self.irqsDisabled()) {
            smp.cpus.warnings.warn(IRQS_ON, self.id);
        }
        if (smp.debug != null) {
            smp.data(self.id).armBacktrace();
        }
        LlistNode chain = self.callSingleQueue().delAll();
        if (chain == null) {
            return;
        }
        if (self.cpus.tracer != null) {
            self.cpus.tracer.callQueueTaken(chain);
        }
        if (chain.next() != null) {
            chain = LlistNode.reverseOrder(chain);
        }
        if (warnCpuOffline && !self.isOnline()) {
            warnOffline(self, chain);
        }
        chain = runSync(self, chain);
        if (chain != null) {
            chain = runAsync(self, chain);
        }
        if (chain != null) {
            runTtwu(self, chain);
        }
    }

    /** First pass; returns the rest of the chain. Waiting senders spin, so their calls come first. */
    private LlistNode runSync(Cpu self, LlistNode chain) {
        LlistNode rest = chain;
        LlistNode before = null;
        LlistNode next;
        for (LlistNode entry = chain; entry != null; entry = next) {
            next = entry.next();
            if (((CallSingleNode) entry).type() != CallSingleNode.CSD_TYPE_SYNC) {
                before = entry;
                continue;
            }
            if (before == null) {
                rest = next;
            } else {
                before.setNext(next);
            }
            Csd csd = (Csd) entry;
            int generation = csd.generation;
            csdDoFunc(self, csd.func, csd.info, csd);
            if (csd.generation != generation) {
                smp.cpus.warnings.warn(Csd.STALE, Symbol.ps(csd.func));
            }
            csd.unlock(smp);
        }
        return rest;
    }

    /** Second pass; returns the wake-ups. */
    private LlistNode runAsync(Cpu self, LlistNode chain) {
        LlistNode rest = chain;
        LlistNode before = null;
        LlistNode next;
        for (LlistNode entry = chain; entry != null; entry = next) {
            next = entry.next();
            int type = ((CallSingleNode) entry).type();
            if (type == CallSingleNode.CSD_TYPE_TTWU) {
                before = entry;
                continue;
            }
            if (before == null) {
                rest = next;
            } else {
                before.setNext(next);
            }
            if (type == CallSingleNode.CSD_TYPE_IRQ_WORK) {
                irqWork.irqWorkSingle((IrqWork) entry);
            } else {
                Csd csd = (Csd) entry;
                SmpCallFunc func = csd.func;
                Object info = csd.info;
                csd.unlock(smp);
                csdDoFunc(self, func, info, csd);
            }
        }
        return rest;
    }

    private void runTtwu(Cpu self, LlistNode chain) {
        EventSink trace = self.trace();
        if (trace != null) {
            trace.csdFunctionEntry("sched_ttwu_pending", chain);
        }
        ttwu.schedTtwuPending(chain);
        if (trace != null) {
            trace.csdFunctionExit("sched_ttwu_pending", chain);
        }
    }

    /**
     * Runs a function as {@code csd_do_func} does. A function that throws, or that changes the preempt count or IRQ
     * flag, is reported and counts as run, because its sender waits for it.
     */
    void csdDoFunc(Cpu self, SmpCallFunc func, Object info, Csd csd) {
        EventSink trace = self.trace();
        if (trace != null) {
            trace.csdFunctionEntry(func, csd);
        }
        boolean recorded = csd != null && smp.debug != null;
        if (recorded) {
            smp.data(self.id).record(csd, func, info);
        }
        int count = self.preemptCount();
        boolean irqsOff = self.irqsDisabled();
        try {
            func.call(info);
        } catch (Throwable e) {
            smp.cpus.warnings.thrown(func, e);
        }
        Context.check(self, func, count, irqsOff);
        if (recorded) {
            smp.data(self.id).record(null, null, null);
        }
        if (trace != null) {
            trace.csdFunctionExit(func, csd);
        }
    }

    private void warnOffline(Cpu self, LlistNode chain) {
        if (smp.cpus.warnings.count(IPI_ON_OFFLINE_CPU) > 0) {
            return;
        }
        smp.cpus.warnings.warn(IPI_ON_OFFLINE_CPU, self.id);
        for (LlistNode entry = chain; entry != null; entry = entry.next()) {
            CallSingleNode node = (CallSingleNode) entry;
            smp.cpus.printk.print(switch (node.type()) {
                case CallSingleNode.CSD_TYPE_ASYNC, CallSingleNode.CSD_TYPE_SYNC, CallSingleNode.CSD_TYPE_IRQ_WORK ->
                        "IPI callback " + Symbol.pS(node.function()) + " sent to offline CPU";
                case CallSingleNode.CSD_TYPE_TTWU -> "IPI task-wakeup sent to offline CPU";
                default -> "IPI callback, unknown type " + node.type() + ", sent to offline CPU";
            });
        }
    }
}
