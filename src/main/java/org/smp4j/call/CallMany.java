package org.smp4j.call;

import java.util.Objects;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.WarnSite;

/** Calls to many CPUs at once; mirrors {@code smp_call_function_many_cond} of {@code kernel/smp.c}. */
public final class CallMany {
    /** A broadcast with preemption on. */
    public static final WarnSite MANY_PREEMPTIBLE =
            WarnSite.once("smp_call_function_many_cond", "called with preemption on, on CPU %d");
    /** A broadcast with IRQs off. */
    public static final WarnSite MANY_IRQS_OFF =
            WarnSite.once("smp_call_function_many_cond", "called with IRQs off on CPU %d");
    /** A broadcast outside task context. */
    public static final WarnSite MANY_NOT_TASK =
            WarnSite.once("smp_call_function_many_cond", "called outside task context on CPU %d");

    static final int SCF_WAIT = 1;
    static final int SCF_RUN_LOCAL = 2;

    private final Smp smp;
    private final Cpus cpus;

    CallMany(Smp smp) {
        this.smp = smp;
        this.cpus = smp.cpus;
    }

    /**
     * Mirrors {@code smp_call_function_many_cond}, in the form of Linux 6.17. A condition that throws ends the call:
     * the CPUs that it selected before run the function and are waited for, the remaining ones are left out, and the
     * caller gets the exception.
     */
    void call(CpuMask mask, SmpCallFunc func, Object info, int scfFlags, SmpCondFunc cond) {
        Objects.requireNonNull(func, "func");
        cpus.check(mask);
        Cpu self = cpus.current();
        if (smp.data(self.id).asking) {
            throw new IllegalStateException(
                    "a condition must not call many CPUs itself: this CPU's memory for that is in use");
        }
        boolean preemptible = self.preemptCount() == 0 && !self.irqsDisabled();
        if (preemptible) {
            self = Preempt.disable(); // misuse: another task of this CPU could use the same memory meanwhile
        }
        try {
            checkManyContext(self, preemptible);
            callFrom(self, mask, func, info, scfFlags, cond);
        } finally {
            if (preemptible) {
                self.preemptEnable();
            }
        }
    }

    private void callFrom(Cpu self, CpuMask mask, SmpCallFunc func, Object info, int scfFlags, SmpCondFunc cond) {
        boolean wait = (scfFlags & SCF_WAIT) != 0;
        Cfd cfd = null;
        int first = mask.firstAnd(cpus.online, -1);
        if (first == self.id) {
            first = mask.firstAnd(cpus.online, first);
        }
        try {
            if (first < cpus.nrCpuIds) {
                cfd = smp.data(self.id).cfd;
                cfd.cpumask.and(mask, cpus.online);
                cfd.cpumask.clearCpuPrivate(self.id);
                queueMany(self, cfd, func, info, wait, cond);
            }
            if ((scfFlags & SCF_RUN_LOCAL) != 0 && mask.testCpu(self.id)
                    && (cond == null || asks(self, cond, self.id, info))) {
                smp.runLocal(self, func, info);
            }
        } finally {
            if (cfd != null && wait) {
                waitForMany(self, cfd);
            }
        }
    }

    private void waitForMany(Cpu self, Cfd cfd) {
        CpuMask waitedFor = cfd.cpumask; // empty if the condition held for no CPU
        for (int cpu = waitedFor.first(); cpu < cpus.nrCpuIds; cpu = waitedFor.next(cpu)) {
            smp.lockWait(self, cfd.csd[cpu]);
        }
    }

    /**
     * Evaluates a condition. Whatever the condition does, it does not lose the CPU, and preempt count and IRQ flag are
     * restored.
     */
    private boolean asks(Cpu self, SmpCondFunc cond, int cpu, Object info) {
        int count = self.preemptCount();
        boolean irqsOff = self.irqsDisabled();
        boolean held = self.hold(true);
        smp.data(self.id).asking = true;
        try {
            return cond.test(cpu, info);
        } finally {
            smp.data(self.id).asking = false;
            self.hold(held);
            Context.check(self, cond, count, irqsOff);
        }
    }

    private void checkManyContext(Cpu self, boolean preemptible) {
        if (preemptible) {
            cpus.warnings.warn(MANY_PREEMPTIBLE, self.id);
        }
        if (self.irqsDisabled() && self.isOnline() && !cpus.lifetime.ended()) {
            cpus.warnings.warn(MANY_IRQS_OFF, self.id);
        }
        if (!Preempt.inTask(self.preemptCount())) {
            cpus.warnings.warn(MANY_NOT_TASK, self.id);
        }
    }

    /**
     * Queues a call on every CPU of {@code cfd.cpumask} for which the condition holds, leaves only these in the mask,
     * and sends the interrupts that are needed.
     */
    private void queueMany(Cpu self, Cfd cfd, SmpCallFunc func, Object info, boolean wait, SmpCondFunc cond) {
        EventSink trace = self.trace();
        CpuMask queued = cfd.cpumask;
        int kicked = 0;
        int firstKicked = -1;
        int cpu = queued.first();
        try {
            for (; cpu < cpus.nrCpuIds; cpu = queued.next(cpu)) {
                if (cond != null && !asks(self, cond, cpu, info)) {
                    queued.clearCpuPrivate(cpu);
                    continue;
                }
                Csd csd = cfd.csd[cpu];
                smp.lock(self, csd, wait ? CallSingleNode.CSD_TYPE_SYNC : CallSingleNode.CSD_TYPE_ASYNC);
                csd.fill(func, info, self.id, cpu);
                if (trace != null) {
                    trace.csdQueueCpu(cpu, func, csd);
                }
                if (cpus.cpu(cpu).callSingleQueue().add(csd)) {
                    if (kicked++ == 0) {
                        firstKicked = cpu; // often the only one: then the mask is not needed
                    } else {
                        noteIpi(cfd.cpumaskIpi, kicked, firstKicked, cpu);
                    }
                }
            }
        } catch (Throwable e) { // thrown by the condition
            for (; cpu < cpus.nrCpuIds; cpu = queued.next(cpu)) {
                queued.clearCpuPrivate(cpu);
            }
            kick(self, cfd, kicked, firstKicked); // otherwise the targets would not find the calls queued so far
            throw e;
        }
        kick(self, cfd, kicked, firstKicked);
    }

    private void kick(Cpu self, Cfd cfd, int kicked, int firstKicked) {
        if (kicked == 1) {
            smp.sendCallFunctionSingleIpi(self, cpus.cpu(firstKicked));
        } else if (kicked > 1) {
            sendCallFunctionIpiMask(self.trace(), cfd.cpumaskIpi);
        }
    }

    private static void noteIpi(CpuMask mask, int kicked, int first, int cpu) {
        if (kicked == 2) {
            mask.clear();
            mask.setCpuPrivate(first);
        }
        mask.setCpuPrivate(cpu);
    }

    /** Mirrors {@code send_call_function_ipi_mask}: no shortcut for CPUs that poll. */
    private void sendCallFunctionIpiMask(EventSink trace, CpuMask mask) {
        if (trace != null) {
            trace.ipiSendCpumask(mask, Smp.CALLBACK);
        }
        for (int cpu = mask.first(); cpu < cpus.nrCpuIds; cpu = mask.next(cpu)) {
            cpus.cpu(cpu).sendInterrupt(PendingWord.CALL);
        }
    }
}
