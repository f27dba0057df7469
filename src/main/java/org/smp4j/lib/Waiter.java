package org.smp4j.lib;

/**
 * An execution context that may have to wait, as locks and completions see their caller. Upper floors implement it. No
 * kernel counterpart: the kernel has {@code current} and the processor itself.
 */
public interface Waiter {
    /** The waiter of a thread that is not a {@link Carrier}; set while such a thread sits on a CPU. */
    ThreadLocal<Waiter> FOREIGN = new ThreadLocal<>();

    /** A thread that knows its waiter, which saves the lookup of a thread local. No kernel counterpart. */
    interface Carrier {
        /** {@return this thread's waiter, or null} */
        Waiter waiter();
    }

    /**
     * The calling thread's waiter.
     *
     * @return never null
     * @throws IllegalStateException if the thread sits on no CPU
     */
    static Waiter current() {
        Waiter waiter = Thread.currentThread() instanceof Carrier carrier ? carrier.waiter() : FOREIGN.get();
        if (waiter == null) {
            throw new IllegalStateException(Thread.currentThread().getName() + " sits on no CPU");
        }
        return waiter;
    }

    /**
     * Disables preemption and interrupts of the current CPU, as {@code raw_spin_lock_irqsave} does before it spins.
     *
     * @return what {@link #atomicEnd} restores
     */
    int atomicBegin();

    /**
     * Undoes {@link #atomicBegin}; takes a pending interrupt or reschedule if that is now allowed again.
     *
     * @param flags what {@link #atomicBegin} returned
     */
    void atomicEnd(int flags);

    /**
     * One turn of a busy wait, {@code cpu_relax} in the kernel: takes pending interrupts if IRQs are on, then pauses,
     * yields the host core or parks for a bounded time, depending on how long the wait has lasted. Needs no waker and
     * keeps the CPU.
     *
     * @param turn how many turns this wait has had, from 0
     * @throws Aborted if the machine has ended
     */
    void relax(int turn);

    /**
     * Throws if the caller must not sleep, even if the wait would return at once, so that the bug shows every time the
     * code runs. Mirrors {@code might_sleep}. Context: any. Without a scheduler every wait is a busy wait, and nothing
     * throws.
     *
     * @param what the function that may sleep
     * @throws IllegalStateException if preemption or IRQs are off, or in an interrupt or stopper; a warning is reported
     *         too
     */
    default void mightSleep(String what) {
    }

    /**
     * Gives up the CPU until {@link #wake}; returns at once if there was a wake since the last return. May return
     * without a wake: callers test their condition in a loop. Context: may sleep.
     *
     * @throws Aborted if the machine has ended
     */
    void block();

    /**
     * As {@link #block}, but for a bounded time.
     *
     * @param deadline when to return at the latest, on the clock of {@link System#nanoTime()}
     * @throws Aborted if the machine has ended
     */
    void blockUntil(long deadline);

    /**
     * Ends this waiter's current {@link #block} or its next one; mirrors {@code wake_up_process}. Context: any.
     */
    void wake();
}
