package org.smp4j.sched;

import java.util.Objects;
import java.util.PriorityQueue;
import org.smp4j.call.IrqWorks;
import org.smp4j.cpu.ClockEvents;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.Wiring;

/**
 * Each CPU's timers and its tick; mirrors {@code kernel/time/hrtimer.c} and {@code tick-sched.c}.
 *
 * <p>Differs: the tick comes only while it is needed (several tasks share the CPU, or lazy irq_works wait), at most
 * {@link #HZ} times a second.
 */
public final class Timers {
    /** Ticks in a second: a jiffy is a millisecond. */
    public static final int HZ = 1000;
    private static final int LOOKS = 8; // in the time that a wait has taken
    /** A jiffy in nanoseconds. */
    public static final long JIFFY = 1_000_000_000L / HZ;
    /**
     * Makes {@link #scheduleTimeout} sleep until it is woken, without a timeout; mirrors {@code MAX_SCHEDULE_TIMEOUT}.
     */
    public static final long MAX_SCHEDULE_TIMEOUT = Long.MAX_VALUE;

    private static final int NONE = -1;
    // nanoseconds, 73 years: all differences of deadlines fit a long
    private static final long FARTHEST = Long.MAX_VALUE / 4;

    /** A function to run on a CPU at a given time; mirrors {@code struct hrtimer}. */
    public static final class Timer implements Comparable<Timer> {
        private final long deadline;
        private final Runnable func;
        private long number; // orders timers of equal deadlines; guarded by the base's lock

        // Written by: the CPU that fires it, in its interrupt. Read by: the same interrupt. Ordering: one thread; the
        // timer is on no base any more.
        private Timer nextDue;

        // Written by: the thread that moves it off a CPU that goes offline, under the locks of both.
        // Read by: the thread that cancels it, which then locks and looks again.
        // Ordering: the lock, for the second look; the first may be stale: explorations need opaque. Volatile, as it is
        // rare.
        private volatile int cpu;

        private Timer(long deadline, Runnable func, int cpu) {
            this.deadline = deadline;
            this.func = func;
            this.cpu = cpu;
        }

        @Override
        public int compareTo(Timer other) {
            long later = deadline - other.deadline; // can't overflow: start() bounds the distance
            return later != 0 ? Long.signum(later) : Long.compare(number, other.number);
        }
    }

    /** One CPU's timers. */
    private static final class Base {
        final RawSpinLock lock = new RawSpinLock();
        final PriorityQueue<Timer> timers = new PriorityQueue<>(); // guarded by lock
        long started; // guarded by lock
        boolean tickArmed; // guarded by lock
        long tickAt; // guarded by lock

        // The CPU that has the timers while this CPU is offline.
        // Written by: the CPU itself, in its last stop and before it is online; under the lock as it goes down.
        // Read by: the CPU itself, with preemption off.
        // Ordering: plain, always on the same CPU; the next sitter gets the seat after the write.
        int successor = NONE;

        void add(Timer timer) {
            timer.number = started++;
            timers.add(timer);
        }
    }

    private final Scheduler scheduler;
    private final Cpus cpus;
    private final IrqWorks irqWorks;
    private final Base[] bases;
    private final ClockEvents clock;

    Timers(Scheduler scheduler, IrqWorks irqWorks) {
        this.scheduler = scheduler;
        this.cpus = scheduler.cpus;
        this.irqWorks = irqWorks;
        bases = new Base[cpus.nrCpuIds];
        for (int cpu = 0; cpu < bases.length; cpu++) {
            bases[cpu] = new Base();
        }
        clock = new ClockEvents(cpus);
        cpus.installTimer(this::interrupt);
        irqWorks.installTick(cpu -> !scheduler.curr(cpu.id).isIdleTask() && armTick(cpu.id));
    }

    /** Starts the clock. Context: when the machine boots. */
    @Wiring
    public void start() {
        clock.start(scheduler.threads);
    }

    /**
     * Runs a function on the current CPU at a given time; mirrors {@code hrtimer_start}. Context: any, on a CPU.
     *
     * @param deadline the time, on the clock of {@link System#nanoTime()}; timers that are due together run in the
     *         order of their deadlines
     * @param func the function; runs in hard interrupt context, IRQs off; an exception that it throws is a warning,
     *         with its name
     * @return the timer, for {@link #cancel}
     */
    public Timer start(long deadline, Runnable func) {
        Objects.requireNonNull(func, "func");
        Waiter self = Waiter.current();
        long now = System.nanoTime();
        long in = Math.max(-FARTHEST, Math.min(FARTHEST, deadline - now));
        Cpu here = cpus.own(Preempt.disable());
        int cpu = timerCpu(here.id);
        Base base = bases[cpu];
        Timer timer = new Timer(now + in, func, cpu);
        int flags = base.lock.lock(self);
        try {
            base.add(timer);
            program(cpu, base);
        } finally {
            base.lock.unlock(self, flags);
        }
        here.preemptEnable();
        return timer;
    }

    /**
     * {@return the CPU that keeps a new timer of a CPU: itself, or its successor if its timers have already been moved,
     * since its last calls may still start timers}
     */
    private int timerCpu(int cpu) {
        int successor = bases[cpu].successor;
        return successor == NONE ? cpu : successor;
    }

    Timer wakeAt(Task task, long deadline) {
        return start(deadline, task::wake);
    }

    /**
     * Stops a timer that has not fired; mirrors {@code hrtimer_cancel} without its wait. Context: any, on a CPU.
     *
     * @param timer the timer
     */
    public void cancel(Timer timer) {
        Waiter self = cpus.current().sitter();
        for (boolean found = false; !found; ) {
            Base base = bases[cpus.check(timer.cpu)];
            int flags = base.lock.lock(self);
            found = base == bases[timer.cpu];
            if (found) {
                base.timers.remove(timer);
            }
            base.lock.unlock(self, flags);
        }
    }

    /** Arms the CPU's next tick, because tasks share the CPU; called from the run queue, under its lock. */
    void slice(int cpu) {
        armTick(cpu);
    }

    private boolean armTick(int cpu) {
        Waiter self = Waiter.current();
        Base base = bases[cpu];
        int flags = base.lock.lock(self);
        if (!base.tickArmed) {
            base.tickArmed = true;
            base.tickAt = System.nanoTime() + JIFFY;
            program(cpu, base);
        }
        base.lock.unlock(self, flags);
        return true;
    }

    private void program(int cpu, Base base) {
        Timer first = base.timers.peek();
        if (first != null && (!base.tickArmed || first.deadline - base.tickAt < 0)) {
            clock.program(cpu, first.deadline);
        } else if (base.tickArmed) {
            clock.program(cpu, base.tickAt);
        }
    }

    /** The timer interrupt; mirrors {@code hrtimer_interrupt} and {@code tick_sched_timer}. */
    private void interrupt(Cpu cpu) {
        Waiter self = Waiter.current();
        Base base = bases[cpu.id];
        int flags = base.lock.lock(self);
        long now = System.nanoTime();
        Timer due = null;
        Timer last = null;
        for (Timer first; (first = base.timers.peek()) != null && first.deadline - now <= 0; last = first) {
            base.timers.poll();
            if (last == null) {
                due = first;
            } else {
                last.nextDue = first;
            }
        }
        boolean tick = base.tickArmed && base.tickAt - now <= 0;
        base.tickArmed &= !tick;
        program(cpu.id, base);
        base.lock.unlock(self, flags);
        for (; due != null; due = due.nextDue) {
            fire(cpu, due.func);
        }
        if (tick) {
            irqWorks.irqWorkTick();
            if (scheduler.runQueue(cpu.id).queued() > 0) {
                // even if the stopper runs now, and clears the reschedule request
                scheduler.runQueue(cpu.id).sliceOver = true;
                cpu.resched();
                armTick(cpu.id);
            }
        }
    }

    /**
     * Runs a timer's function. A function that throws, or that changes the preempt count or IRQ flag, is reported, and
     * the other timers still run.
     */
    private void fire(Cpu cpu, Runnable func) {
        int count = cpu.preemptCount();
        boolean irqsOff = cpu.irqsDisabled();
        try {
            func.run();
        } catch (Throwable e) {
            cpus.warnings.thrown(func, e);
        }
        Context.check(cpu, func, count, irqsOff);
    }

    /**
     * Moves the timers of a CPU that goes offline to the current one; mirrors {@code hrtimers_cpu_dying}. Context: the
     * machine is stopped, or the CPU is dead.
     *
     * @param dead the CPU that goes offline
     * @param to the CPU that takes over
     */
    @Wiring
    public void migrate(int dead, int to) {
        if (cpus.check(dead) == cpus.check(to)) {
            throw new IllegalArgumentException("timers of CPU " + dead + " must move to another CPU, got the same one");
        }
        Waiter self = cpus.current().sitter();
        Base from = bases[dead];
        Base base = bases[to];
        int flags = from.lock.lock(self);
        base.lock.acquire(self);
        for (Timer orphan; (orphan = from.timers.poll()) != null; ) { // in order of their deadlines
            orphan.cpu = to;
            base.add(orphan);
        }
        from.tickArmed = false;
        from.successor = to;
        program(to, base);
        base.lock.release();
        from.lock.unlock(self, flags);
    }

    /**
     * Lets a CPU have its own timers again; mirrors {@code hrtimers_cpu_starting}. Context: that CPU, before it is
     * online.
     *
     * @param cpu the CPU
     */
    @Wiring
    public void starting(int cpu) {
        bases[cpus.check(cpu)].successor = NONE;
    }

    /**
     * Sleeps; mirrors {@code schedule_timeout_uninterruptible}. Context: task, may sleep.
     *
     * @param jiffies the timeout in ticks of {@link #HZ}, which a wake-up may cut short; {@link #MAX_SCHEDULE_TIMEOUT}
     *         for none; 0 or less returns at once
     * @throws IllegalStateException if the caller must not sleep here, even for a timeout of 0
     */
    public void scheduleTimeout(long jiffies) {
        scheduler.mightSleep("schedule_timeout");
        sleep(jiffies > FARTHEST / JIFFY ? Long.MAX_VALUE : Math.max(0, jiffies) * JIFFY);
    }

    /**
     * Sleeps for at least a given time; mirrors {@code msleep}. Context: task, may sleep.
     *
     * @param millis the time in milliseconds; a time too long for the clock means forever
     * @throws IllegalStateException if the caller must not sleep here, even for a time of 0
     */
    public void msleep(long millis) {
        scheduler.mightSleep("msleep");
        long nanos = millis > FARTHEST / 1_000_000 ? Long.MAX_VALUE : Math.max(0, millis) * 1_000_000;
        long begin = System.nanoTime();
        for (long left; (left = nanos == Long.MAX_VALUE ? nanos : nanos - (System.nanoTime() - begin)) > 0; ) {
            sleep(left);
        }
    }

    /**
     * Sleeps before the caller looks again for what nothing wakes it for: a jiffy, or an eighth of the time that it has
     * slept so already, but no more than a second. A long wait takes few looks, and ends at most an eighth later than
     * it could. Context: task, may sleep.
     *
     * @param slept how long the caller has slept for this, in jiffies; 0 at first
     * @return how long now
     */
    @Wiring
    public long sleepBetweenLooks(long slept) {
        long jiffies = 1 + Math.clamp(slept / LOOKS, 0, HZ);
        scheduleTimeout(jiffies);
        return slept + jiffies;
    }

    /** Sleeps once. Forever means without a timer, so that the task is not taken for one that will continue. */
    private static void sleep(long nanos) {
        if (nanos == Long.MAX_VALUE) {
            Waiter.current().block();
        } else if (nanos > 0) {
            Waiter.current().blockUntil(System.nanoTime() + nanos);
        }
    }
}
