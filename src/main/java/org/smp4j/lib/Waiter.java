package org.smp4j.lib;

/**
 * One who executes and may have to wait: what locks and completions need to know of whoever calls them. Upper floors
 * implement it; no kernel counterpart (the kernel has {@code current} and the processor itself).
 */
public interface Waiter {
    /** The waiter of a thread that is not a {@link Carrier}; set while such a thread sits on a CPU. */
    ThreadLocal<Waiter> FOREIGN = new ThreadLocal<>();

    /** A thread that knows its waiter, so that no thread local has to be asked. No kernel counterpart. */
    interface Carrier {
        /** {@return the waiter that this thread is, or null} */
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
     * Undoes {@link #atomicBegin}; a pending interrupt or reschedule is taken here where that is allowed again.
     *
     * @param flags what {@link #atomicBegin} returned
     */
    void atomicEnd(int flags);

    /**
     * One turn of a busy wait, {@code cpu_relax} in the kernel: takes pending interrupts if IRQs are on, then pauses,
     * yields the host's core or parks for a bounded time, the longer the wait already lasts. Needs no waker. Keeps the
     * CPU.
     *
     * @param turn how many turns this wait has had, from 0
     * @throws Aborted if the machine has ended
     */
    void relax(int turn);

    /**
     * Refuses to sleep where one must not, also if there is nothing to wait for just now: so that the fault shows
     * whenever the code runs. Mirrors {@code might_sleep}. Context: any. Without a scheduler every wait is a busy one,
     * and nothing is refused.
     *
     * @param what the function that may sleep
     * @throws IllegalStateException if preemption or IRQs are off, or in an interrupt or stopper; it is reported too
     */
    default void mightSleep(String what) {
    }

    /**
     * Lets others have the CPU until {@link #wake}; returns at once if there was a wake since the last return. May
     * return without a wake: callers test their condition in a loop. Context: may sleep.
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
     * Ends this waiter's {@link #block}, the current or the next one; mirrors {@code wake_up_process}. Context: any.
     */
    void wake();
}
