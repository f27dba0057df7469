package org.smp4j.cpu;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LineGap;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.Trace;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Waiter;

/**
 * One processor: a seat, on which at most one thread sits and runs as this CPU; mirrors the architecture's processor with its {@code percpu} area.
 *
 * <p>Differs: an interrupt is taken at poll points only: in every wait, in {@code preempt_enable}, when IRQs are switched on, in idle, on every call into
 * the API, and in {@link #poll}, which long code should call. There are no non-maskable interrupts.
 */
public final class Cpu extends LineGap {
    /** {@code smp_processor_id} where the answer may be stale at once. */
    public static final WarnSite SMP_PROCESSOR_ID = WarnSite.once("smp_processor_id", "using smp_processor_id() in preemptible code on CPU %d");

    private static final VarHandle SITTER = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "sitter", VarHandle.class, Cpu.class, Sitter.class);

    /** The CPU's number. */
    public final int id;
    /** The CPUs of the machine that this one belongs to. */
    public final Cpus cpus;
    /** The CPU's signs of life. */
    public final WatchdogTouch watchdogTouch = new WatchdogTouch();
    final PendingWord pending;
    final IrqStats irqStats = new IrqStats();

    // Touched only by whoever sits here, and handed on with the seat; plain on purpose.
    private int preemptCount;
    private boolean irqsOff;
    private boolean held;
    private boolean irqsPinned;
    // The idle loop's: for how many turns it spins before it parks.
    int idleSpin = IdleWait.MIN_SPIN;
    int idleYields = IdleWait.MIN_YIELDS;

    // Written by: who sits down on the empty seat; then by each sitter, who passes the seat on.
    // Read by: whoever has to unpark or to show the one who sits here.
    // Ordering: compare-and-set to sit down, release to pass on.
    private volatile Sitter sitter;

    Cpu(int id, Cpus cpus, PendingWord pending) {
        this.id = id;
        this.cpus = cpus;
        this.pending = pending;
    }

    /**
     * The CPU on which the calling thread sits.
     *
     * @return never null
     * @throws IllegalStateException if it sits on none
     */
    public static Cpu current() {
        Sitter self = Thread.currentThread() instanceof SeatThread thread ? thread.sitter : (Sitter) Waiter.current();
        return self.seatOrAbort();
    }

    /** {@return the CPU on which the calling thread sits, or null if it sits on none} */
    public static Cpu currentOrNull() {
        Sitter self = Sitter.currentOrNull();
        return self == null ? null : self.seat;
    }

    /** {@return the current CPU's number; warns if the caller could be moved at any time; mirrors {@code smp_processor_id}} */
    public static int smpProcessorId() {
        Cpu cpu = current();
        if (cpu.preemptCount == 0 && !cpu.irqsOff && !cpu.sitter.staysOnCpu()) {
            cpu.cpus.warnings.warn(SMP_PROCESSOR_ID, cpu.id);
        }
        return cpu.id;
    }

    /** {@return the current CPU's number, which may be stale at once; mirrors {@code raw_smp_processor_id}} */
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
     * Sits down: the calling thread is this CPU until it closes the result. For tests, benchmarks and whoever plays a CPU of a machine that was not booted.
     *
     * @return the place taken, with IRQs on and preempt count 0
     * @throws IllegalStateException if somebody sits here, or the thread sits elsewhere
     */
    public Sitter sit() {
        Sitter newcomer = new Sitter(cpus);
        newcomer.sitDown(this);
        return newcomer;
    }

    boolean claim(Sitter newcomer) {
        return SITTER.compareAndSet(this, (Sitter) null, newcomer);
    }

    /** {@return who sits here, or null} */
    public Sitter sitter() {
        return sitter;
    }

    /**
     * Passes the seat on; the caller sits no more. The count and the IRQ flag stay as they are, and are the next sitter's from here on: every switch
     * happens at the same count with IRQs off. Context: only by the sitter.
     *
     * @param next who sits here next, null for nobody
     */
    void pass(Sitter next) {
        sitter.seat = null;
        SITTER.setRelease(this, next);
    }

    /** Sets with what count and IRQ flag the first one sits down on an empty seat. */
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
     * Adds to the preempt count; mirrors {@code preempt_count_add}. Only for who sits here.
     *
     * @param offset one of the offsets of {@link Preempt}
     */
    public void preemptCountAdd(int offset) {
        preemptCount += offset;
        if ((preemptCount & Preempt.PREEMPT_MASK) >= Preempt.PREEMPT_MASK - 10) {
            cpus.warnings.warn(Preempt.OVERFLOW, preemptCount);
        }
    }

    /**
     * Subtracts from the preempt count; mirrors {@code preempt_count_sub}. Only for who sits here.
     *
     * @param offset one of the offsets of {@link Preempt}
     */
    public void preemptCountSub(int offset) {
        int count = preemptCount;
        if (offset > count || offset < Preempt.PREEMPT_MASK && (count & Preempt.PREEMPT_MASK) == 0) {
            cpus.warnings.warn(Preempt.UNDERFLOW, count, offset);
            return;
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

    /** {@return whether IRQs were off; they are now; only for the sitter} */
    public boolean irqSave() {
        boolean flags = irqsOff;
        irqsOff = true;
        return flags;
    }

    /**
     * As {@link LocalIrq#restore}; only for the sitter.
     *
     * @param flags whether IRQs are off from here on
     */
    public void irqRestore(boolean flags) {
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
     * Keeps the sitter on this CPU while it runs a user's function, whatever that does to preempt count and IRQ flag; only for the sitter.
     *
     * @param hold whether from now on
     * @return whether until now
     */
    public boolean hold(boolean hold) {
        boolean before = held;
        held = hold;
        return before;
    }

    /** Keeps IRQs off, whatever a listener does that may be called with a lock held; only for the sitter. */
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

    /** Takes what interrupts are pending, if IRQs are on; on their exit the caller may be given another CPU. Context: any; only for the sitter. */
    public void poll() {
        if ((pending.peek() & PendingWord.INTERRUPTS) != 0 && !irqsOff) {
            if (current() != this) {
                throw new IllegalStateException(this + " polls for itself; the caller is on another CPU");
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
        cpus.lifetime.check(); // closing a machine interrupts every CPU, so that a task ends that polls and never waits
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
                return; // the caller may sit elsewhere now; it polls there at its next poll point
            }
        }
    }

    /**
     * Sends an interrupt to this CPU. A level: one that is pending already is the same one. Context: any, from any thread.
     *
     * @param irq one or several of {@link PendingWord#INTERRUPTS}
     */
    public void sendInterrupt(int irq) {
        EventSink trace = callersTrace();
        if (trace != null) {
            trace.ipiRaise(id, IrqStats.reason(irq));
        }
        if (cpus.ipiFaults == null || !cpus.ipiFaults.drops(this, irq)) {
            raise(irq & PendingWord.INTERRUPTS);
        }
    }

    /** {@return where tracepoints of the calling thread's CPU go, or null; the thread may be on none} */
    private static EventSink callersTrace() {
        Cpu here = Trace.ON ? currentOrNull() : null;
        return here == null ? null : here.trace();
    }

    /** Sets bits and unparks the CPU if it sleeps. */
    void raise(int bits) {
        if ((pending.getAndSet(bits) & PendingWord.PARKED) != 0) {
            unpark();
        }
    }

    /** Wakes the thread that sits here, if it is parked. Context: any, from any thread. */
    public void unpark() {
        Sitter parked = sitter;
        LockSupport.unpark(parked == null ? null : parked.thread());
    }

    /**
     * Asks the CPU's scheduler to choose again, by interrupt where the CPU does not look by itself; mirrors {@code resched_curr} of
     * {@code kernel/sched/core.c}. Context: any, from any thread.
     */
    public void resched() {
        Cpu here = currentOrNull();
        if (this == here) {
            pending.getAndSet(PendingWord.NEED_RESCHED);
        } else if (!wakeIfPolling() && (pending.getAndSet(PendingWord.NEED_RESCHED) & PendingWord.NEED_RESCHED) == 0) {
            EventSink trace = callersTrace();
            if (trace != null) {
                trace.ipiSendCpu(id, null);
            }
            sendInterrupt(PendingWord.RESCHED);
        }
    }

    /**
     * Wakes the CPU without an interrupt if it polls in idle; mirrors {@code call_function_single_prep_ipi} of {@code kernel/sched/core.c}.
     *
     * @return whether it does; otherwise an interrupt has to be sent
     */
    public boolean wakeIfPolling() {
        boolean polls = pending.setNeedReschedIfPolling();
        EventSink trace = polls ? callersTrace() : null;
        if (trace != null) {
            trace.schedWakeIdleWithoutIpi(id);
        }
        return polls;
    }

    /** {@return whether the scheduler was asked to choose again; mirrors {@code need_resched}} */
    public boolean needResched() {
        return (pending.peek() & PendingWord.NEED_RESCHED) != 0;
    }

    /** Takes the request to choose again, and looks like a CPU that does not poll; mirrors {@code clear_tsk_need_resched}. Only for who sits here. */
    public void clearNeedResched() {
        if ((pending.peek() & (PendingWord.NEED_RESCHED | PendingWord.POLLING)) != 0) {
            pending.getAndClear(PendingWord.NEED_RESCHED | PendingWord.POLLING);
        }
    }

    /** Takes the request to choose again and goes on to poll. Only for the idle task. */
    public void clearNeedReschedInPolling() {
        pending.getAndClear(PendingWord.NEED_RESCHED);
    }

    /** {@return the pending bits as they were a moment ago, of {@link PendingWord}} */
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

    /** {@return whether the CPU's idle task sits there, as of a moment ago; mirrors {@code idle_cpu}} */
    public boolean isIdle() {
        Sitter now = sitter;
        return now != null && now.isIdleTask();
    }

    /** {@return whether the CPU is online} */
    public boolean isOnline() {
        return cpus.online.testCpu(id);
    }

    /** {@return where tracepoints of this CPU go, or null if there is no listener or the CPU is offline; only for the sitter} */
    public EventSink trace() {
        return Trace.ON && cpus.events() != null && isOnline() ? cpus.events() : null;
    }

    /**
     * Records that a function was entered, for who follows the call graph.
     *
     * @param name the kernel function
     */
    public void traceFunction(String name) {
        if (Trace.ON && cpus.events() != null) {
            cpus.events().function(name);
        }
    }

    @Override
    public String toString() {
        return "CPU " + id;
    }
}
