package org.smp4j.cpu;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Wiring;

/**
 * An occupant of a CPU's seat: the thread's side of the seat, and the state to save while it does not sit; mirrors
 * {@code struct thread_info} and what a context switch saves. The scheduler's task extends it. Closing a sitter that
 * {@link Cpu#sit} returned stands up.
 */
public class Sitter implements Waiter, AutoCloseable {
    private static final VarHandle WOKEN = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "woken", VarHandle.class, Sitter.class, boolean.class);
    private static final VarHandle GRANTED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "granted", VarHandle.class, Sitter.class, Cpu.class);

    /** The CPUs of the sitter's machine. */
    public final Cpus cpus;

    // Only the sitter's own thread uses these, while it sits or when it sits down.
    Cpu seat;
    private int pinnedTo = -1;
    // Set at construction: the preempt count and IRQ flag with which it sits down on an empty seat.
    private int firstPreemptCount;
    private boolean firstIrqsOff;

    // Written by: the thread that starts this sitter's thread, once.
    // Read by: threads that pass the seat on or unpark.
    // Ordering: volatile.
    private volatile Thread thread;

    // Written by: the sitter that passes its seat on to this one; reset to null by this one.
    // Read by: this sitter's thread while it waits for a seat.
    // Ordering: release and acquire: the new sitter sees all that was done on that CPU before, including its count and
    // IRQ flag.
    private Cpu granted;

    // Written by: the machine's tracer, under its lock, once. Read by: the tracer, on any CPU.
    // Ordering: plain; a tracer that reads 0 looks again under the lock.
    private int pid;

    // Written by: any waker; cleared by this sitter when a wait ends.
    // Read by: this sitter.
    // Ordering: volatile exchange, so that after the wait the sitter sees what the waker did before.
    private boolean woken;

    /**
     * A sitter without a seat.
     *
     * @param cpus the CPUs of its machine
     */
    protected Sitter(Cpus cpus) {
        this.cpus = cpus;
    }

    static Sitter currentOrNull() {
        return Thread.currentThread() instanceof SeatThread t ? t.sitter : (Sitter) Waiter.FOREIGN.get();
    }

    void sitDown(Cpu cpu) {
        Sitter before = currentOrNull();
        if (before != null && before.seat != null) {
            throw new IllegalStateException(Thread.currentThread().getName() + " already sits on " + before.seat);
        }
        if (!cpu.claim(this)) {
            throw new IllegalStateException(cpu + " is taken by " + cpu.sitter());
        }
        attach(Thread.currentThread());
        cpu.enter(firstPreemptCount, firstIrqsOff);
        seat = cpu;
        cpus.awake(1);
    }

    /**
     * Attaches a thread to this sitter.
     *
     * @param own the thread; unless it is a {@link SeatThread} it must be the calling one
     */
    protected final void attach(Thread own) {
        thread = own;
        if (!(own instanceof SeatThread)) {
            FOREIGN.set(this);
        }
    }

    /**
     * Attaches a new thread to this sitter and starts it. A new thread inherits its starter's cores. If those were only
     * the starter's core, the new thread would first wait for that core, only to be moved to another one; so it starts
     * with all cores of the machine.
     *
     * @param own a thread that was not started
     */
    protected final void attachAndStart(SeatThread own) {
        attach(own);
        Sitter starter = currentOrNull();
        if (starter == null || starter.pinnedTo < 0) {
            own.start();
            return;
        }
        Pinning.pinCurrentThread(cpus.cores());
        try {
            own.start();
        } finally {
            Pinning.pinCurrentThread(starter.pinnedTo);
        }
    }

    /** {@return the thread, or null if it has none yet} */
    public final Thread thread() {
        return thread;
    }

    /** {@return the CPU on which it sits, or null; only for its own thread} */
    public final Cpu seat() {
        return seat;
    }

    /**
     * Stands up: the seat is empty, and the thread no longer runs as a CPU. Context: the thread that sits.
     *
     * @throws IllegalStateException if preemption or IRQs were left off; the seat is empty all the same. Once the
     *         machine has ended it does not throw: an aborted wait leaves them as they were.
     */
    @Override
    public void close() {
        Cpu cpu = seat;
        if (cpu == null) {
            return;
        }
        int count = cpu.preemptCount();
        boolean irqsOff = cpu.irqsDisabled();
        cpu.pass(null);
        FOREIGN.remove();
        cpus.awake(-1);
        if ((count != 0 || irqsOff) && !cpus.lifetime.ended()) {
            throw new IllegalStateException("stood up with preempt count " + Integer.toHexString(count)
                    + (irqsOff ? " and IRQs off" : ""));
        }
    }

    /**
     * Sets the preempt count and IRQ flag with which it sits down on an empty seat.
     *
     * @param preemptCount the count
     * @param irqsOff whether IRQs are off
     */
    protected final void firstContext(int preemptCount, boolean irqsOff) {
        firstPreemptCount = preemptCount;
        firstIrqsOff = irqsOff;
    }

    /**
     * Passes the seat on to another sitter; the caller then waits with {@link #awaitSeat} or ends. Context: the sitter
     * itself.
     *
     * @param next the next sitter; it must not sit anywhere
     */
    @Wiring
    public final void passSeatTo(Sitter next) {
        Cpu cpu = seat;
        cpu.pass(next);
        GRANTED.setRelease(next, cpu);
        LockSupport.unpark(next.thread);
    }

    /**
     * Gives an empty seat to a sitter. Context: a thread that controls that CPU, for example while it boots.
     *
     * @param cpu a CPU with an empty seat
     */
    @Wiring
    public final void seatOn(Cpu cpu) {
        if (!cpu.claim(this)) {
            throw new IllegalStateException(cpu + " is taken by " + cpu.sitter());
        }
        cpu.enter(firstPreemptCount, firstIrqsOff);
        cpus.awake(1);
        GRANTED.setRelease(this, cpu);
        LockSupport.unpark(thread);
    }

    /** Thrown in a thread that no longer belongs to its sitter. No kernel counterpart. */
    protected static final class ThreadRetired extends Error {
        private static final long serialVersionUID = 1L;

        ThreadRetired() {
            super("retired", null, false, false);
        }
    }

    /**
     * Ends the sitter's thread, which waits for a seat; the sitter may later get another thread, which may get a seat.
     * Context: no thread grants the sitter a seat meanwhile.
     */
    protected final void retireThread() {
        Thread old = thread;
        thread = null;
        LockSupport.unpark(old);
    }

    /**
     * Leaves the seat empty: the CPU has no thread any more. Context: the sitter itself, on a dead CPU.
     */
    @Wiring
    public final void leaveSeatEmpty() {
        seat.pass(null);
        cpus.awake(-1);
    }

    /** Waits until a seat is granted, and sits down. Context: the sitter's own thread, which does not sit. */
    @Wiring
    public final void awaitSeat() {
        Cpu cpu;
        for (int turn = 0; (cpu = (Cpu) GRANTED.getAcquire(this)) == null; turn++) { // pairs with passSeatTo
            cpus.lifetime.check();
            checkNotRetired();
            if (turn < 100 && cpus.coresSuffice()) {
                Thread.onSpinWait();
            } else {
                LockSupport.park(this);
            }
        }
        checkNotRetired(); // after the read of the grant, which may be meant for this thread's successor
        GRANTED.setOpaque(this, (Cpu) null);
        seat = cpu;
        int core = cpus.coreOf(cpu.id);
        if (core != pinnedTo && thread instanceof SeatThread) {
            pinnedTo = core;
            Pinning.pinCurrentThread(core);
        }
    }

    private void checkNotRetired() {
        if (thread != Thread.currentThread()) {
            throw new ThreadRetired();
        }
    }

    /** {@return its name, as the kernel's {@code comm}} */
    public String comm() {
        Thread own = thread;
        return own == null ? "-" : own.getName();
    }

    /** {@return its number in traces; 0 for an idle task, and before a tracer has numbered it} */
    public final int pid() {
        return pid;
    }

    /**
     * Numbers it. Only for a tracer.
     *
     * @param number its number in traces
     */
    public final void number(int number) {
        pid = number;
    }

    /** {@return whether it is a CPU's idle task; mirrors {@code is_idle_task}} */
    public boolean isIdleTask() {
        return false;
    }

    /** {@return whether it can't be moved to another CPU; always true without a scheduler} */
    protected boolean staysOnCpu() {
        return true;
    }

    /**
     * {@return the seat; aborts again a thread that lost its seat because the machine ended, and that now runs its
     * finally clauses}
     */
    final Cpu seatOrAbort() {
        Cpu cpu = seat;
        if (cpu == null) {
            cpus.lifetime.check();
            throw new IllegalStateException(Thread.currentThread().getName() + " sits on no CPU");
        }
        return cpu;
    }

    @Override
    public final int atomicBegin() {
        Cpu cpu = seatOrAbort();
        int flags = cpu.irqSave() ? 1 : 0;
        cpu.preemptCountAdd(Preempt.PREEMPT_OFFSET);
        return flags;
    }

    @Override
    public final void atomicEnd(int flags) {
        Cpu cpu = seat;
        cpu.preemptCountSub(Preempt.PREEMPT_OFFSET);
        cpu.irqRestore(flags != 0);
    }

    @Override
    public final void relax(int turn) {
        Cpu cpu = seatOrAbort();
        cpu.pollSeated();
        cpu.cpus.spin.pause(turn);
    }

    @Override
    public void block() {
        for (int turn = 0; !(boolean) WOKEN.getAndSet(this, false); turn++) {
            relax(turn);
        }
    }

    @Override
    public void blockUntil(long deadline) {
        for (int turn = 0; !(boolean) WOKEN.getAndSet(this, false) && System.nanoTime() - deadline < 0; turn++) {
            relax(turn);
        }
    }

    @Override
    public void wake() {
        WOKEN.setVolatile(this, true);
    }
}
