package org.smp4j.cpu;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LineGap;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.Trace;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Wiring;

/**
 * One processor: a seat on which at most one thread sits and runs as this CPU; mirrors the architecture's processor
 * with its {@code percpu} area.
 *
 * <p>Differs: interrupts are taken only at poll points: in every wait, in {@code preempt_enable}, when IRQs are
 * enabled, in idle, on every API call, and in {@link #poll}, for long-running code. There is no NMI.
 */
public final class Cpu extends LineGap {
    /** {@code smp_processor_id} where the result may be stale at once. */
    public static final WarnSite SMP_PROCESSOR_ID =
            WarnSite.once("smp_processor_id", "using smp_processor_id() in preemptible code on CPU %d");

    private static final VarHandle SITTER = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "sitter", VarHandle.class, Cpu.class, Sitter.class);

    /** The CPU's number. */
    public final int id;
    /** The CPUs of the machine that this one belongs to. */
    public final Cpus cpus;
    /** The CPU's heartbeat for the watchdog. */
    public final WatchdogTouch watchdogTouch = new WatchdogTouch();
    final EventSink tracer;
    final PendingWord pending;
    final IrqStats irqStats = new IrqStats();

    // Only the sitter touches these, and they pass to the next sitter with the seat; plain on purpose.
    private int preemptCount;
    private boolean irqsOff;
    private boolean held;
    private boolean irqsPinned;
    int idleSpin = IdleWait.MIN_SPIN; // the idle loop's: how many turns it spins before it parks
    int idleYields = IdleWait.MIN_YIELDS;

    // Written by: the thread that sits down on the empty seat; then each sitter that passes the seat on. Read by:
    // threads that unpark or report the sitter. Ordering: compare-and-set to sit down, release to pass on.
    private volatile Sitter sitter;

    Cpu(int id, Cpus cpus, PendingWord pending) {
        this.id = id;
        this.cpus = cpus;
        this.tracer = cpus.tracer;
        this.pending = pending;
    }

    /**
     * The CPU on which the calling thread sits.
     *
     * @return never null
     * @throws IllegalStateException if it sits on no CPU
     */
    public static Cpu current() {
        Sitter self = Thread.currentThread() instanceof SeatThread thread ? thread.sitter : (Sitter) Waiter.current();
        return self.seatOrAbort();
    }

    /** {@return the CPU on which the calling thread sits, or null} */
    public static Cpu currentOrNull() {
        Sitter self = Sitter.currentOrNull();
        return self == null ? null : self.seat;
    }

    /** {@return the current CPU's number; warns if the caller can be moved; mirrors {@code smp_processor_id}} */
    public static int smpProcessorId() {
        Cpu cpu = current();
        if (cpu.preemptCount == 0 && !cpu.irqsOff && !cpu.sitter.staysOnCpu()) {
            cpu.cpus.warnings.warn(SMP_PROCESSOR_ID, cpu.id);
        }
        return cpu.id;
    }

    /** {@return the current CPU's number, possibly stale at once; mirrors {@code raw_smp_processor_id}} */
    public static int rawSmpProcessorId() {
        return current().id;
    }

    /** {@return the current CPU's number, with preemption disabled until {@link #putCpu}; mirrors {@code get_cpu}} */
    public static int getCpu() {
        return Preempt.disable().id;
    }

    /** Undoes {@link #getCpu}; mirrors {@code put_cpu}. */
    public static void putCpu() {
        Preempt.enable();
    }

    /**
     * Sits down: the caller is this CPU until it closes the result. For tests that play a CPU without booting it.
     *
     * @return the sitter, with IRQs on and preempt count 0
     * @throws IllegalStateException if another thread sits here, or the caller sits elsewhere
     */
    public Sitter sit() {
        Sitter newcomer = new Sitter(cpus);
        newcomer.sitDown(this);
        return newcomer;
    }

    boolean claim(Sitter newcomer) {
        return SITTER.compareAndSet(this, (Sitter) null, newcomer);
    }

    /** {@return the current sitter, or null} */
    public Sitter sitter() {
        return sitter;
    }

    /**
     * Passes the seat on; the caller no longer sits. The preempt count and the IRQ flag stay as they are and become the
     * next sitter's: every switch happens at the same count with IRQs off. Context: only the sitter.
     *
     * @param next the next sitter, or null for none
     */
    void pass(Sitter next) {
        sitter.seat = null;
        SITTER.setRelease(this, next);
    }

    /** Sets the preempt count and IRQ flag with which a sitter takes an empty seat. */
    void enter(int count, boolean irqsAreOff) {
        preemptCount = count;
        irqsOff = irqsAreOff;
    }

    /** {@return the preempt count; only for the sitter} */
    public int preemptCount() {
        return preemptCount;
    }

    /** {@return whether IRQs are off; only for the sitter} */
    public boolean irqsDisabled() {
        return irqsOff;
    }

    /**
     * Adds to the preempt count; mirrors {@code preempt_count_add}. Only for the sitter.
     *
     * @param offset one of the offsets of {@link Preempt}
     */
    public void preemptCountAdd(int offset) {
        preemptCount += offset;
        if (tracer != null && preemptCount == offset && offset != Preempt.HARDIRQ_OFFSET) {
            tracer.preemptDisable();
        }
        if ((preemptCount & Preempt.PREEMPT_MASK) >= Preempt.PREEMPT_MASK - 10) {
            cpus.warnings.warn(Preempt.OVERFLOW, preemptCount);
        }
    }

    /**
     * Subtracts from the preempt count; mirrors {@code preempt_count_sub}. Only for the sitter.
     *
     * @param offset one of the offsets of {@link Preempt}
     */
    public void preemptCountSub(int offset) {
        int count = preemptCount;
        if (offset > count || offset < Preempt.PREEMPT_MASK && (count & Preempt.PREEMPT_MASK) == 0) {
            boolean before = hold(true); // preemption may be on, and the caller goes on with this CPU
            cpus.warnings.warn(Preempt.UNDERFLOW, count, offset);
            hold(before);
            return;
        }
        if (tracer != null && count == offset && offset != Preempt.HARDIRQ_OFFSET) {
            tracer.preemptEnable();
        }
        preemptCount = count - offset;
    }

    /** As {@link Preempt#enable}; only for the sitter. */
    public void preemptEnable() {
        preemptCountSub(Preempt.PREEMPT_OFFSET);
        if ((pending.peek() & (PendingWord.INTERRUPTS | PendingWord.NEED_RESCHED)) != 0) {
            pollAndReschedule();
        }
    }

    /** {@return whether IRQs were off before; disables them; only for the sitter} */
    public boolean irqSave() {
        boolean flags = irqsOff;
        irqsOff = true;
        if (tracer != null && !flags) {
            tracer.irqDisable();
        }
        return flags;
    }

    /**
     * As {@link LocalIrq#restore}; only for the sitter.
     *
     * @param flags whether IRQs are off from here on
     */
    public void irqRestore(boolean flags) {
        if (tracer != null && irqsOff && !flags) {
            tracer.irqEnable();
        }
        irqsOff = flags | irqsPinned;
        if (!flags && (pending.peek() & (PendingWord.INTERRUPTS | PendingWord.NEED_RESCHED)) != 0) {
            pollAndReschedule();
        }
    }

    void pollAndReschedule() {
        pollSeated();
        Cpu now = current(); // an interrupt's exit may have moved the caller
        if (now.needResched() && now.preemptCount == 0 && !now.irqsOff) {
            now.preempt();
        }
    }

    /**
     * Keeps the sitter on this CPU, whatever a user's function does to preempt count and IRQ flag; only for the sitter.
     *
     * @param hold the new setting
     * @return the previous setting
     */
    @Wiring public boolean hold(boolean hold) {
        boolean before = held;
        held = hold;
        return before;
    }

    /** Keeps IRQs off while a listener runs that may be called with a lock held; only for the sitter. */
    void pinIrqs(boolean pin) {
        irqsPinned = pin;
    }

    /** {@return whether {@link #hold} is in effect; only for the sitter} */
    public boolean isHeld() {
        return held;
    }

    private void preempt() {
        if (cpus.preemption != null && !held) {
            cpus.preemption.preemptSchedule(this);
        }
    }

    /** Takes pending interrupts if IRQs are on; may move the caller to another CPU on exit. Only for the sitter. */
    public void poll() {
        if ((pending.peek() & PendingWord.INTERRUPTS) != 0 && !irqsOff) {
            if (current() != this) {
                throw new IllegalStateException(this + " was polled by a thread that sits elsewhere");
            }
            takeInterrupts();
        }
    }

    void pollSeated() {
        if ((pending.peek() & PendingWord.INTERRUPTS) != 0 && !irqsOff) {
            takeInterrupts();
        }
    }

    private void takeInterrupts() {
        cpus.lifetime.check(); // closing a machine interrupts every CPU, so that a task that polls and never waits ends
        int deferred = cpus.ipiFaults == null ? 0 : cpus.ipiFaults.deferred(this);
        for (int irqs; (irqs = pending.peek() & PendingWord.INTERRUPTS & ~deferred) != 0; ) {
            int irq = Integer.lowestOneBit(irqs);
            pending.getAndClear(irq);
            if (cpus.ipiFaults != null && cpus.ipiFaults.comesTwice(this, irq)) {
                raise(irq);
            }
            irqsOff = true;
            preemptCountAdd(Preempt.HARDIRQ_OFFSET);
            int count = preemptCount;
            IrqEntry.handle(this, irq);
            Context.check(this, IrqStats.reason(irq), count, true);
            preemptCountSub(Preempt.HARDIRQ_OFFSET);
            irqsOff = false;
            if (preemptCount == 0 && needResched()) {
                preempt();
                return; // the caller may sit elsewhere now; its next poll point serves that CPU
            }
        }
    }

    /**
     * Sends an interrupt to this CPU; if it is already pending, nothing changes. Context: any thread.
     *
     * @param irq one or several of {@link PendingWord#INTERRUPTS}
     */
    public void sendInterrupt(int irq) {
        Tracepoints.ipiRaise(this, irq);
        if (cpus.ipiFaults == null || !cpus.ipiFaults.drops(this, irq)) {
            raise(irq & PendingWord.INTERRUPTS);
        }
    }

    /** Sets bits and unparks the CPU if it sleeps. */
    void raise(int bits) {
        if ((pending.getAndSet(bits) & PendingWord.PARKED) != 0) {
            unpark();
        }
    }

    /** Wakes the sitter's thread if it is parked. Context: any thread. */
    void unpark() {
        Sitter parked = sitter;
        LockSupport.unpark(parked == null ? null : parked.thread());
    }

    /** Requests a reschedule, by interrupt unless the CPU polls; mirrors {@code resched_curr}. Context: any thread. */
    public void resched() {
        Cpu here = currentOrNull();
        if (this == here) {
            pending.getAndSet(PendingWord.NEED_RESCHED);
        } else if (!wakeIfPolling() && (pending.getAndSet(PendingWord.NEED_RESCHED) & PendingWord.NEED_RESCHED) == 0) {
            Tracepoints.ipiSendCpu(this);
            sendInterrupt(PendingWord.RESCHED);
        }
    }

    /**
     * Wakes the CPU without an interrupt if it polls in idle; mirrors {@code call_function_single_prep_ipi}.
     *
     * @return whether the CPU polls; otherwise the caller must send an interrupt
     */
    public boolean wakeIfPolling() {
        boolean polls = pending.setNeedReschedIfPolling();
        if (polls) {
            Tracepoints.schedWakeIdleWithoutIpi(this);
        }
        return polls;
    }

    /** {@return whether a reschedule was requested; mirrors {@code need_resched}} */
    public boolean needResched() {
        return (pending.peek() & PendingWord.NEED_RESCHED) != 0;
    }

    /** Clears reschedule request and polling bit; mirrors {@code clear_tsk_need_resched}. Only for the sitter. */
    @Wiring public void clearNeedResched() {
        if ((pending.peek() & (PendingWord.NEED_RESCHED | PendingWord.POLLING)) != 0) {
            pending.getAndClear(PendingWord.NEED_RESCHED | PendingWord.POLLING);
        }
    }

    /** Clears the reschedule request and keeps polling. Only for the idle task. */
    @Wiring public void clearNeedReschedInPolling() {
        pending.getAndClear(PendingWord.NEED_RESCHED);
    }

    /** {@return the bits of {@link PendingWord}, possibly stale at once} */
    public int pendingBits() {
        return pending.peek();
    }

    /** {@return the queue of calls for this CPU, {@code call_single_queue}} */
    public LlistHead callSingleQueue() {
        return pending;
    }

    /** {@return the interrupt counters, as a column of {@code /proc/interrupts}} */
    public IrqStats irqStats() {
        return irqStats;
    }

    /** {@return whether the CPU's idle task sits here, possibly stale at once; mirrors {@code idle_cpu}} */
    public boolean isIdle() {
        Sitter now = sitter;
        return now != null && now.isIdleTask();
    }

    /** {@return whether the CPU is online} */
    public boolean isOnline() {
        return cpus.online.testCpu(id);
    }

    /** {@return the tracer; else the listener, null if offline; else null; only for the sitter} */
    public EventSink trace() {
        return Trace.ON && cpus.events() != null && isOnline() ? cpus.events() : tracer;
    }

    /** Records entry into the kernel function of a name, for call-graph tracing. */
    public void traceFunction(String name) {
        if (Trace.ON && cpus.events() != null) {
            cpus.events().function(name);
        } else if (tracer != null) {
            tracer.function(name);
        }
    }

    @Override
    public String toString() {
        return "CPU " + id;
    }
}
