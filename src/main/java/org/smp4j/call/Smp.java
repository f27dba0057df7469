package org.smp4j.call;

import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Wiring;

/**
 * Calls between the CPUs of one machine; mirrors the API of {@code kernel/smp.c}.
 *
 * <p>A method returns 0 or a negated {@link Errno}. Each method is a poll point, and leaves preempt count and IRQ flag
 * as it found them. Misuse for which the kernel warns is a warning here too, once, and the call continues.
 */
public final class Smp {
    /*
     * Why no accepted call is lost: the sender checks that the target is online and queues the call with preemption
     * off, and a CPU goes offline only inside stop_machine, which cannot begin while any CPU is in such a section. So
     * either the call is queued before the target's last flush, or the check finds the target offline.
     *
     * Why two CPUs that wait for each other both proceed: they wait with IRQs on, so each serves the other's call.
     */

    /** {@code smp_call_function_single} with IRQs off: two CPUs that call each other like that deadlock. */
    public static final WarnSite SINGLE_IRQS_OFF =
            WarnSite.once("smp_call_function_single", "called with IRQs off on CPU %d");
    /** {@code smp_call_function_single} outside task context. */
    public static final WarnSite SINGLE_NOT_TASK =
            WarnSite.once("smp_call_function_single", "called outside task context on CPU %d");
    /** Call data freed while a call of its CPU is still in progress. */
    public static final WarnSite CFD_IN_USE =
            WarnSite.always("smpcfd_dead_cpu", "call data of CPU %d freed while a call to CPU %d is under way");

    private static final SmpCallFunc DO_NOTHING = SmpCallFunc.named("do_nothing", info -> { });
    static final String CALLBACK = "generic_smp_call_function_single_interrupt";
    final Cpus cpus;
    final CsdLockDebug debug;
    private final SmpCpuState[] data;
    private final CallFlusher flusher;
    private final CallMany many;

    /**
     * The call floor of a machine; prepares the CPUs that are already online. Mirrors {@code call_function_init}.
     *
     * @param cpus the machine's CPUs
     */
    public Smp(Cpus cpus) {
        this.cpus = cpus;
        data = new SmpCpuState[cpus.nrCpuIds];
        for (int cpu = 0; cpu < data.length; cpu++) {
            data[cpu] = new SmpCpuState();
            if (cpus.online.testCpu(cpu)) {
                smpcfdPrepareCpu(cpu);
            }
        }
        debug = cpus.params.csdlockDebug() ? new CsdLockDebug(this) : null;
        flusher = new CallFlusher(this);
        many = new CallMany(this);
        cpus.installCallFunction(cpu -> genericSmpCallFunctionSingleInterrupt());
    }

    SmpCpuState data(int cpu) {
        return data[cpu];
    }

    /** {@return what runs the queued calls, for the floors above} */
    public CallFlusher flusher() {
        return flusher;
    }

    /**
     * Runs a function on one CPU, preemption off; mirrors {@code smp_call_function_single}. Context: task, IRQs on.
     *
     * @param cpu the CPU
     * @param func the function
     * @param info the function's argument
     * @param wait whether to return only after the function has run, with its writes visible to the caller
     * @return 0, or -ENXIO if the CPU does not exist or is offline; the function then never runs
     */
    public int smpCallFunctionSingle(int cpu, SmpCallFunc func, Object info, boolean wait) {
        Objects.requireNonNull(func, "func");
        Cpu self = cpus.own(Preempt.disable());
        int count = self.preemptCount();
        if (self.irqsDisabled() && self.isOnline() && !cpus.lifetime.ended()) {
            cpus.warnings.warn(SINGLE_IRQS_OFF, self.id);
        }
        if (!Preempt.inTask(count)) {
            cpus.warnings.warn(SINGLE_NOT_TASK, self.id);
        }
        Csd csd;
        if (wait) {
            csd = data[self.id].waiting[Preempt.interruptContextLevel(count)];
            csd.setLocked(CallSingleNode.CSD_TYPE_SYNC);
        } else {
            csd = data[self.id].csdData;
            lock(self, csd, CallSingleNode.CSD_TYPE_ASYNC);
        }
        csd.fill(func, info, self.id, cpu);
        int err = genericExecSingle(self, cpu, csd);
        if (wait) {
            lockWait(self, csd);
            csd.generation++;
        }
        self.preemptEnable();
        return err;
    }

    /**
     * Runs the function of a csd on one CPU, without waiting; the csd is the caller's memory. Mirrors
     * {@code smp_call_function_single_async}. Context: any, also with IRQs off and in an interrupt. The caller must
     * make sure that no other sender uses the same csd at the same time.
     *
     * @param cpu the CPU
     * @param csd what to run; it may be sent again as soon as its function has begun
     * @return 0; -EBUSY if the csd is still in use, which leaves it unchanged; -ENXIO as above
     */
    public int smpCallFunctionSingleAsync(int cpu, Csd csd) {
        Objects.requireNonNull(csd, "csd");
        Cpu self = cpus.own(Preempt.disable());
        int err;
        if (csd.isLocked()) {
            err = -Errno.EBUSY;
        } else {
            csd.setLocked(CallSingleNode.CSD_TYPE_ASYNC);
            csd.src = (short) self.id;
            csd.dst = (short) cpu;
            err = genericExecSingle(self, cpu, csd);
        }
        self.preemptEnable();
        return err;
    }

    /**
     * Runs a function on one CPU of a mask: the caller's own if it is in the mask, else the lowest online one; mirrors
     * {@code smp_call_function_any} with a single NUMA node. Context: as {@link #smpCallFunctionSingle}.
     *
     * @param mask the CPUs
     * @param func the function
     * @param info the function's argument
     * @param wait whether to return only after the function has run
     * @return 0, or -ENXIO if no CPU of the mask is online
     */
    public int smpCallFunctionAny(CpuMask mask, SmpCallFunc func, Object info, boolean wait) {
        Objects.requireNonNull(func, "func");
        cpus.check(mask);
        Cpu self = cpus.own(Preempt.disable());
        int cpu = mask.testCpu(self.id) ? self.id : mask.firstAnd(cpus.online, -1);
        int err = smpCallFunctionSingle(cpu, func, info, wait);
        self.preemptEnable();
        return err;
    }

    /**
     * Runs a function on all online CPUs of a mask except the caller's own; mirrors {@code smp_call_function_many}.
     * Context: task, IRQs on, preemption off; if it is on, the call warns, once, and switches it off meanwhile.
     *
     * @param mask the CPUs
     * @param func the function
     * @param info the function's argument
     * @param wait whether to return only after all of them have run it
     */
    public void smpCallFunctionMany(CpuMask mask, SmpCallFunc func, Object info, boolean wait) {
        many.call(mask, func, info, wait ? CallMany.SCF_WAIT : 0, null);
    }

    /**
     * Runs a function on all other online CPUs; mirrors {@code smp_call_function}. Context: task, IRQs on.
     *
     * @param func the function
     * @param info the function's argument
     * @param wait whether to return only after all of them have run it
     */
    public void smpCallFunction(SmpCallFunc func, Object info, boolean wait) {
        Cpu self = Preempt.disable();
        try {
            smpCallFunctionMany(cpus.online, func, info, wait);
        } finally {
            self.preemptEnable();
        }
    }

    /**
     * Runs a function on all online CPUs, the caller's own included; mirrors {@code on_each_cpu}. Context: task, IRQs
     * on.
     *
     * @param func the function
     * @param info the function's argument
     * @param wait whether to return only after all of them have run it
     */
    public void onEachCpu(SmpCallFunc func, Object info, boolean wait) {
        onEachCpuCondMask(null, func, info, wait, cpus.online);
    }

    /**
     * As {@link #onEachCpu}, but on the CPUs of a mask only; mirrors {@code on_each_cpu_mask}.
     *
     * @param mask the CPUs
     * @param func the function
     * @param info the function's argument
     * @param wait whether to return only after all of them have run it
     */
    public void onEachCpuMask(CpuMask mask, SmpCallFunc func, Object info, boolean wait) {
        onEachCpuCondMask(null, func, info, wait, mask);
    }

    /**
     * As {@link #onEachCpu}, but only on CPUs that meet a condition; mirrors {@code on_each_cpu_cond}.
     *
     * @param cond the condition, evaluated on the calling CPU
     * @param func the function
     * @param info the argument of both
     * @param wait whether to return only after all of them have run it
     */
    public void onEachCpuCond(SmpCondFunc cond, SmpCallFunc func, Object info, boolean wait) {
        onEachCpuCondMask(cond, func, info, wait, cpus.online);
    }

    /**
     * As {@link #onEachCpuCond}, but on the CPUs of a mask only; mirrors {@code on_each_cpu_cond_mask}.
     *
     * @param cond the condition, evaluated on the calling CPU; null for none
     * @param func the function
     * @param info the argument of both
     * @param wait whether to return only after all of them have run it
     * @param mask the CPUs
     */
    public void onEachCpuCondMask(SmpCondFunc cond, SmpCallFunc func, Object info, boolean wait, CpuMask mask) {
        Cpu self = Preempt.disable();
        try {
            many.call(mask, func, info, CallMany.SCF_RUN_LOCAL | (wait ? CallMany.SCF_WAIT : 0), cond);
        } finally {
            self.preemptEnable(); // even if the condition throws
        }
    }

    /** Makes every other CPU take an interrupt; mirrors {@code kick_all_cpus_sync}. Context: task, IRQs on. */
    public void kickAllCpusSync() {
        VarHandle.fullFence(); // the kernel's smp_mb; here the call itself hands on what the caller did before
        smpCallFunction(DO_NOTHING, null, true);
    }

    /** Wakes every idle CPU; mirrors {@code wake_up_all_idle_cpus}. Context: any. */
    public void wakeUpAllIdleCpus() {
        cpus.current();
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            Cpu self = Preempt.disable();
            Cpu target = cpus.cpu(cpu);
            if (target != self && target.isOnline() && target.isIdle()) {
                target.resched();
            }
            self.preemptEnable();
        }
    }

    /** Mirrors {@code generic_exec_single}: preemption is off; the csd is locked and filled. */
    private int genericExecSingle(Cpu self, int cpu, Csd csd) {
        if (cpu == self.id) {
            SmpCallFunc func = csd.func;
            Object info = csd.info;
            csd.unlock(this);
            runLocal(self, func, info);
            return 0;
        }
        if (!cpus.online.testCpu(cpu)) {
            csd.unlock(this);
            return -Errno.ENXIO;
        }
        smpCallSingleQueue(self, cpus.cpu(cpu), csd);
        return 0;
    }

    void runLocal(Cpu self, SmpCallFunc func, Object info) {
        boolean flags = self.irqSave();
        boolean held = self.hold(true); // even if the function enables preemption and IRQs
        flusher.csdDoFunc(self, func, info, null);
        self.hold(held);
        self.irqRestore(flags);
    }

    /**
     * Adds a node to a CPU's queue without an online check, and kicks the CPU if the queue was empty; mirrors
     * {@code __smp_call_single_queue}. Context: preemption off, on {@code self}; the caller keeps the target online.
     *
     * @param self the current CPU
     * @param target the CPU
     * @param node what to queue
     */
    @Wiring public void smpCallSingleQueue(Cpu self, Cpu target, CallSingleNode node) {
        EventSink trace = self.trace();
        if (trace != null) { // before the node is queued: afterwards it belongs to the target
            node.queues(trace, target.id);
        }
        if (target.callSingleQueue().add(node)) {
            sendCallFunctionSingleIpi(self, target);
        }
    }

    /** Mirrors {@code send_call_function_single_ipi}. */
    void sendCallFunctionSingleIpi(Cpu self, Cpu target) {
        if (!target.wakeIfPolling()) {
            archSendCallFunctionSingleIpi(self, target);
        }
    }

    /** Mirrors {@code arch_send_call_function_single_ipi}, with its tracepoint. */
    void archSendCallFunctionSingleIpi(Cpu self, Cpu target) {
        EventSink trace = self.trace();
        if (trace != null) {
            trace.ipiSendCpu(target.id, CALLBACK);
        }
        target.sendInterrupt(PendingWord.CALL);
    }

    /** Mirrors {@code csd_lock}. */
    void lock(Cpu self, Csd csd, int type) {
        lockWait(self, csd);
        csd.setLocked(type);
    }

    /** Mirrors {@code csd_lock_wait}: serves interrupts while it waits; preemption stays off. */
    void lockWait(Cpu self, Csd csd) {
        if (!csd.isLocked()) {
            return;
        }
        if (debug != null) {
            debug.lockWait(self, csd);
            return;
        }
        for (int turn = 0; csd.isLocked(); turn++) {
            self.sitter().relax(turn);
        }
    }

    /** Handler of the function call interrupt; mirrors {@code generic_smp_call_function_single_interrupt}. */
    private void genericSmpCallFunctionSingleInterrupt() {
        flusher.flush(Cpu.current(), true);
    }

    /** Runs this CPU's queued calls; mirrors {@code flush_smp_call_function_queue}. Context: idle task, stopper. */
    @Wiring public void flushSmpCallFunctionQueue() {
        Cpu self = cpus.current();
        if (!self.callSingleQueue().isEmpty()) {
            boolean flags = self.irqSave();
            flusher.flush(self, true);
            self.irqRestore(flags);
        }
    }

    /**
     * Allocates an offline CPU's data for calls to many CPUs; mirrors {@code smpcfd_prepare_cpu}. Context: task.
     *
     * @param cpu the CPU
     * @return 0
     */
    @Wiring public int smpcfdPrepareCpu(int cpu) {
        if (data[cpus.check(cpu)].cfd == null) {
            data[cpu].cfd = new Cfd(cpus.nrCpuIds);
        }
        return 0;
    }

    /**
     * Frees what {@link #smpcfdPrepareCpu} allocated; mirrors {@code smpcfd_dead_cpu}. Context: task.
     *
     * @param cpu the CPU
     * @return 0
     * @throws IllegalStateException if the CPU is online
     */
    @Wiring public int smpcfdDeadCpu(int cpu) {
        if (cpus.online.testCpu(cpus.check(cpu))) {
            throw new IllegalStateException("smpcfd_dead_cpu: CPU " + cpu + " is online and needs its call data");
        }
        Cfd cfd = data[cpu].cfd;
        for (int target = 0; cfd != null && target < cfd.csd.length; target++) {
            // A call without wait to an online target may still be in progress if its interrupt is late. The target
            // holds a reference to the csd, so it stays allocated.
            if (cfd.csd[target].isLocked() && !cpus.online.testCpu(target)) {
                cpus.warnings.warn(CFD_IN_USE, cpu, target);
            }
        }
        data[cpu].cfd = null;
        return 0;
    }

    /** Runs an offline CPU's last calls, on that CPU, IRQs off; mirrors the first half of {@code smpcfd_dying_cpu}. */
    @Wiring public void smpcfdDyingCpu() {
        flusher.flush(cpus.current(), false);
    }

    /** {@return whether a csd lock is currently reported as stuck; mirrors {@code csd_lock_is_stuck}} */
    public boolean csdLockIsStuck() {
        return debug != null && debug.isStuck();
    }
}
