package org.smp4j.cpu;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Wiring;

/**
 * The CPUs' one-shot timers: one thread that raises a CPU's timer interrupt when its deadline has come; mirrors
 * {@code clock_event_device} of {@code kernel/time/clockevents.c}.
 */
public final class ClockEvents {
    private static final VarHandle SLEEPS_UNTIL = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "sleepsUntil", VarHandle.class, ClockEvents.class, long.class);
    private static final long NONE = Long.MAX_VALUE;

    private final Cpus cpus;
    private final long epoch = System.nanoTime();
    private final AtomicLongArray due; // per CPU: nanoseconds since the epoch, NONE if not armed

    // Written by: the clock's thread before it sleeps, and when it wakes.
    // Read by: threads that arm a timer.
    // Ordering: volatile, and so is "due": the clock's thread announces until when it sleeps, then looks at "due"; a
    // thread that arms a timer writes "due", then looks here.
    private volatile long sleepsUntil = NONE;

    // Written by: start(), once. Read by: threads that arm a timer. Ordering: volatile.
    private volatile Thread thread;

    /**
     * Timers that do not run yet.
     *
     * @param cpus the CPUs whose timers they are
     */
    public ClockEvents(Cpus cpus) {
        this.cpus = cpus;
        due = new AtomicLongArray(cpus.nrCpuIds);
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            due.set(cpu, NONE);
        }
    }

    /**
     * Starts the clock.
     *
     * @param threads where its thread comes from
     */
    @Wiring
    public void start(ThreadSource threads) {
        SeatThread clock = threads.newThread("clockevents", null, () -> {
            try {
                run();
            } catch (Aborted e) {
                // The machine has ended.
            } finally {
                threads.ended(Thread.currentThread());
            }
        });
        thread = clock;
        clock.start();
    }

    /**
     * Arms a CPU's timer and replaces its deadline; mirrors {@code clockevents_program_event}. Context: any.
     *
     * @param cpu the CPU
     * @param deadline when to raise the interrupt, on the clock of {@link System#nanoTime()}
     */
    @Wiring
    public void program(int cpu, long deadline) {
        long at = deadline - epoch;
        due.set(cpus.check(cpu), at);
        if (at < sleepsUntil) {
            LockSupport.unpark(thread);
        }
    }

    private void run() {
        for (;;) {
            cpus.lifetime.check();
            sleepsUntil = NONE; // a thread that arms a timer from here on wakes the clock
            long next = fire();
            SLEEPS_UNTIL.setVolatile(this, next);
            next = Math.min(next, fire());
            if (next == NONE) {
                LockSupport.park(this);
            } else {
                LockSupport.parkNanos(this, next - (System.nanoTime() - epoch));
            }
        }
    }

    /** Raises the interrupts that are due; returns the next deadline. */
    private long fire() {
        long now = System.nanoTime() - epoch;
        long next = NONE;
        for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
            long at = due.get(cpu);
            if (at <= now) {
                if (due.compareAndSet(cpu, at, NONE)) {
                    cpus.cpu(cpu).sendInterrupt(PendingWord.TIMER);
                }
            } else {
                next = Math.min(next, at);
            }
        }
        return next;
    }
}
