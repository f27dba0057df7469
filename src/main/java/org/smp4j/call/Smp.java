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

/**
 * Calls between the CPUs of one machine; mirrors the API of {@code kernel/smp.c}.
 *
 * <p>A method returns 0 or a negated {@link Errno}. Each is a poll point, and leaves preempt count and IRQ flag as it found them. Misuse that the kernel
 * warns about warns here, once, and goes on.
 */
public final class Smp {
    /*
     * Why no accepted call is lost: the online check and the queueing happen with preemption off, and a CPU leaves only inside stop_machine, which does not
     * begin while any CPU is in such a section. So either the call is queued before the target's last flush, or the check says offline.
     *
     * Why two CPUs that wait for each other both go on: the wait has IRQs on, so each serves the other's call.
     */

    /** {@code smp_call_function_single} with IRQs off: two CPUs that do so to each other hang. */
    public static final WarnSite SINGLE_IRQS_OFF = WarnSite.once("smp_call_function_single", "called with IRQs off on CPU %d");
    /** {@code smp_call_function_single} outside task context. */
    public static final WarnSite SINGLE_NOT_TASK = WarnSite.once("smp_call_function_single", "called outside task context on CPU %d");
    /** CPU data given up while a call of that CPU is still under way. */
    public static final WarnSite CFD_IN_USE = WarnSite.always("smpcfd_dead_cpu", "call data of CPU %d freed while a call to CPU %d is under way");

    private static final SmpCallFunc DO_NOTHING = SmpCallFunc.named("do_nothing", info -> {
    });
    static final String CALLBACK = "generic_smp_call_function_single_interrupt";

    final Cpus cpus;
    final CsdLockDebug debug;
    private final CallData[] data;
    private final CallQueue queue;
    private final CallMany many;

    /**
     * The call floor of a machine; prepares the CPUs that are online already. Mirrors {@code call_function_init}.
     *
     * @param cpus the machine's CPUs
     */
    public Smp(Cpus cpus) {
        this.cpus = cpus;
        data = new CallData[cpus.nrCpuIds];
        for (int cpu = 0; cpu < data.length; cpu++) {
            data[cpu] = new CallData();
            if (cpus.online.testCpu(cpu)) {
                smpcfdPrepareCpu(cpu);
            }
        }
        debug = cpus.params.csdlockDebug() ? new CsdLockDebug(this) : null;
        queue = new CallQueue(this);
        many = new CallMany(this);
        cpus.installCallFunction(cpu -> genericSmpCallFunctionSingleInterrupt());
    }

    CallData data(int cpu) {
        return data[cpu];
    }

    /** {@return the queues of calls, for the floors above} */
    public CallQueue queue() {
        return queue;
    }

    /**
     * Runs a function on one CPU; mirrors {@code smp_call_function_single}.
     * Context: task, IRQs on; keeps preemption off while it waits.
     *
     * @param cpu the CPU
     * @param func the function
     * @param info what it gets
     * @param wait whether to return only when it has run, with its writes visible
     * @return 0, or -ENXIO if the CPU does not exist or is offline: then it never runs
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
     * Runs the function of a csd on one CPU, without waiting and without own memory; mirrors {@code smp_call_function_single_async}.
     * Context: any, also with IRQs off and in an interrupt; the caller sees to it that nobody else sends the same csd at the same time.
     *
     * @param cpu the CPU
     * @param csd what to run; it may be sent again when its function begins
     * @return 0; -EBUSY if the csd is still on its way, and is left alone; -ENXIO as above
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
     * Runs a function on some CPU of a mask: the caller's own, else the nearest that is online; mirrors {@code smp_call_function_any}.
     * Context: as {@link #smpCallFunctionSingle}. There is one node: the nearest is the lowest.
     *
     * @param mask the CPUs
     * @param func the function
     * @param info what it gets
     * @param wait whether to return only when it has run
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
     * Runs a function on all CPUs of a mask that are online, but the caller's own; mirrors {@code smp_call_function_many}.
     * Context: task, IRQs on, and the caller has disabled preemption.
     *
     * @param mask the CPUs
     * @param func the function
     * @param info what it gets
     * @param wait whether to return only when all have run it
     */
    public void smpCallFunctionMany(CpuMask mask, SmpCallFunc func, Object info, boolean wait) {
        many.call(mask, func, info, wait ? CallMany.SCF_WAIT : 0, null);
    }

    /**
     * Runs a function on all other online CPUs; mirrors {@code smp_call_function}. Context: task, IRQs on.
     *
     * @param func the function
     * @param info what it gets
     * @param wait whether to return only when all have run it
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
     * Runs a function on all online CPUs, the caller's own included; mirrors {@code on_each_cpu}. Context: task, IRQs on.
     *
     * @param func the function
     * @param info what it gets
     * @param wait whether to return only when all have run it
     */
    public void onEachCpu(SmpCallFunc func, Object info, boolean wait) {
        onEachCpuCondMask(null, func, info, wait, cpus.online);
    }

    /**
     * Runs a function on all online CPUs of a mask, the caller's own included; mirrors {@code on_each_cpu_mask}. Context: task, IRQs on.
     *
     * @param mask the CPUs
     * @param func the function
     * @param info what it gets
     * @param wait whether to return only when all have run it
     */
    public void onEachCpuMask(CpuMask mask, SmpCallFunc func, Object info, boolean wait) {
        onEachCpuCondMask(null, func, info, wait, mask);
    }

    /**
     * Runs a function on all online CPUs for which a condition holds; mirrors {@code on_each_cpu_cond}. Context: task, IRQs on.
     *
     * @param cond the condition, asked on the calling CPU
     * @param func the function
     * @param info what both get
     * @param wait whether to return only when all have run it
     */
    public void onEachCpuCond(SmpCondFunc cond, SmpCallFunc func, Object info, boolean wait) {
        onEachCpuCondMask(cond, func, info, wait, cpus.online);
    }

    /**
     * Runs a function on all online CPUs of a mask for which a condition holds; mirrors {@code on_each_cpu_cond_mask}. Context: task, IRQs on.
     *
     * @param cond the condition, asked on the calling CPU; null for none
     * @param func the function
     * @param info what both get
     * @param wait whether to return only when all have run it
     * @param mask the CPUs
     */
    public void onEachCpuCondMask(SmpCondFunc cond, SmpCallFunc func, Object info, boolean wait, CpuMask mask) {
        Cpu self = Preempt.disable();
        try {
            many.call(mask, func, info, CallMany.SCF_RUN_LOCAL | (wait ? CallMany.SCF_WAIT : 0), cond);
        } finally {
            self.preemptEnable(); // also if the condition throws
        }
    }

    /** Lets every other CPU take an interrupt, and waits for it; mirrors {@code kick_all_cpus_sync}. Context: task, IRQs on. */
    public void kickAllCpusSync() {
        VarHandle.fullFence(); // the kernel's smp_mb: what was done before is seen by everybody after
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

    /** Mirrors {@code generic_exec_single}: preemption is off, the csd locked and filled. */
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
        boolean held = self.hold(true); // a function that switches preemption and IRQs on does not lose the CPU all the same
        queue.run(self, func, info, null);
        self.hold(held);
        self.irqRestore(flags);
    }

    /**
     * Puts a node on a CPU's queue without asking whether it is online, and kicks the CPU if the queue was empty; mirrors {@code __smp_call_single_queue}.
     * Context: preemption off, on {@code self}; the caller sees to it that the target stays online.
     *
     * @param self the current CPU
     * @param target the CPU
     * @param node what to queue
     */
    public void smpCallSingleQueue(Cpu self, Cpu target, CallSingleNode node) {
        EventSink trace = self.trace();
        if (trace != null) { // before the node is queued: from then on it is the target's
            trace.csdQueueCpu(target.id, node.function(), node);
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

    /** Mirrors {@code csd_lock_wait}: interrupts are served, preemption stays off. */
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

    /** What the function call interrupt does; mirrors {@code generic_smp_call_function_single_interrupt}. Context: hard interrupt. */
    private void genericSmpCallFunctionSingleInterrupt() {
        queue.flush(Cpu.current(), true);
    }

    /** Runs what is queued for the current CPU; mirrors {@code flush_smp_call_function_queue}. Context: task; for idle and the stopper. */
    public void flushSmpCallFunctionQueue() {
        Cpu self = cpus.current();
        if (!self.callSingleQueue().isEmpty()) {
            boolean flags = self.irqSave();
            queue.flush(self, true);
            self.irqRestore(flags);
        }
    }

    /**
     * Makes what a CPU needs to call many; mirrors {@code smpcfd_prepare_cpu}. Context: task; the CPU is offline.
     *
     * @param cpu the CPU
     * @return 0
     */
    public int smpcfdPrepareCpu(int cpu) {
        if (data[cpus.check(cpu)].cfd == null) {
            data[cpu].cfd = new Cfd(cpus.nrCpuIds);
        }
        return 0;
    }

    /**
     * Drops what {@link #smpcfdPrepareCpu} made; mirrors {@code smpcfd_dead_cpu}. Context: task; the CPU is offline.
     *
     * @param cpu the CPU
     * @return 0
     * @throws IllegalStateException if the CPU is online
     */
    public int smpcfdDeadCpu(int cpu) {
        if (cpus.online.testCpu(cpus.check(cpu))) {
            throw new IllegalStateException("smpcfd_dead_cpu: CPU " + cpu + " is online, and needs its call data");
        }
        Cfd cfd = data[cpu].cfd;
        for (int target = 0; cfd != null && target < cfd.csd.length; target++) {
            // To an online target a no-wait call may be under way whose interrupt is late; the target has the csd, and the collector keeps it.
            if (cfd.csd[target].isLocked() && !cpus.online.testCpu(target)) {
                cpus.warnings.warn(CFD_IN_USE, cpu, target);
            }
        }
        data[cpu].cfd = null;
        return 0;
    }

    /**
     * Runs what is still queued for a CPU that leaves; mirrors the first half of {@code smpcfd_dying_cpu}. Context: the CPU itself, IRQs off, offline already.
     */
    public void smpcfdDyingCpu() {
        queue.flush(cpus.current(), false);
    }

    /** {@return whether some csd lock is being reported as stuck; mirrors {@code csd_lock_is_stuck}} */
    public boolean csdLockIsStuck() {
        return debug != null && debug.isStuck();
    }
}
