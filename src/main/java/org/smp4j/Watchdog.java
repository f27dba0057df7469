package org.smp4j;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.SeatThread;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.lib.Aborted;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;

/**
 * Detects CPUs that hang: a CPU that takes no interrupt, or that does not reschedule although requested; mirrors
 * {@code kernel/watchdog.c}. Each report shows the contexts, queues and Java stacks of all CPUs.
 */
public final class Watchdog {
    private static final int SAMPLES = 5; // within a threshold, as in the kernel

    /** The last observations of one CPU; used only by the watchdog's thread. */
    private static final class Seen {
        long interrupts;
        long switches;
        int touches;
        long interruptsSince;
        long switchesSince;
        boolean hardReported;
        boolean softReported;

        Seen(long now) {
            interruptsSince = now;
            switchesSince = now;
        }
    }

    private final Cpus cpus;
    private final Scheduler scheduler;
    private final ThreadSource threads;
    private final AllCpuBacktrace backtrace;
    private final long threshold;
    private final AtomicInteger lockups = new AtomicInteger();

    // Written by: the thread that installs a listener. Read by: the watchdog's thread. Ordering: volatile.
    private volatile Runnable onLockup = () -> {
    };

    Watchdog(Cpus cpus, Scheduler scheduler, ThreadSource threads, AllCpuBacktrace backtrace) {
        this.cpus = cpus;
        this.scheduler = scheduler;
        this.threads = threads;
        this.backtrace = backtrace;
        this.threshold = cpus.params.watchdogThresh() * 1_000_000_000L;
    }

    /** {@return how many lockups were reported} */
    public int lockups() {
        return lockups.get();
    }

    /**
     * Sets an action to run after each report.
     *
     * @param action runs on the watchdog's thread; an exception that it throws is a warning
     */
    public void onLockup(Runnable action) {
        onLockup = Objects.requireNonNull(action, "action");
    }

    void start() {
        if (threshold == 0) {
            return;
        }
        SeatThread thread = threads.newThread("watchdog", null, () -> {
            try {
                run();
            } catch (Aborted e) {
                // The machine has ended.
            } finally {
                threads.ended(Thread.currentThread());
            }
        });
        thread.start();
    }

    private void run() {
        Seen[] seen = new Seen[cpus.nrCpuIds];
        for (;;) {
            long next = System.nanoTime() + threshold / SAMPLES;
            for (long left; (left = next - System.nanoTime()) > 0; ) {
                cpus.lifetime.check();
                LockSupport.parkNanos(this, left);
            }
            for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
                if (!cpus.online.testCpu(cpu)) {
                    seen[cpu] = null;
                } else {
                    long now = System.nanoTime();
                    seen[cpu] = seen[cpu] == null ? new Seen(now) : seen[cpu];
                    check(cpus.cpu(cpu), seen[cpu], now);
                }
            }
        }
    }

    private void check(Cpu cpu, Seen seen, long now) {
        int touches = cpu.watchdogTouch.count();
        if (touches != seen.touches) { // it waits for CPUs that are stopped
            seen.touches = touches;
            seen.interruptsSince = now;
            seen.switchesSince = now;
        }
        int pending = cpu.pendingBits();
        long interrupts = cpu.irqStats().total();
        // A CPU that serves one interrupt forever may get no other one: its queue is not empty, or it was polling.
        boolean owing = (pending & PendingWord.INTERRUPTS) != 0 || (cpu.preemptCount() & Preempt.HARDIRQ_MASK) != 0;
        if (!owing || interrupts != seen.interrupts) {
            seen.interrupts = interrupts;
            seen.interruptsSince = now;
            seen.hardReported = false;
        }
        long switches = scheduler.switches(cpu.id);
        Task curr = scheduler.curr(cpu.id);
        boolean wanted = (pending & PendingWord.NEED_RESCHED) != 0 || curr.policy() == Task.Policy.STOP;
        if (!wanted || switches != seen.switches) {
            seen.switches = switches;
            seen.switchesSince = now;
            seen.softReported = false;
        }
        if (now - seen.interruptsSince > threshold && !seen.hardReported) {
            seen.hardReported = true;
            report("watchdog: Watchdog detected hard LOCKUP on cpu " + cpu.id);
        }
        if (now - seen.switchesSince > 2 * threshold && !seen.softReported) {
            seen.softReported = true;
            report("watchdog: BUG: soft lockup - CPU#%d stuck for %ds! [%s:%d]".formatted(cpu.id,
                    (now - seen.switchesSince) / 1_000_000_000L, curr.comm(), pid(curr)));
        }
    }

    /** The thread's number in thread dumps; 0 for a task that borrows another's thread. */
    private static long pid(Task task) {
        return task.thread() == null ? 0 : task.thread().threadId();
    }

    private void report(String line) {
        cpus.printk.print(line);
        backtrace.print();
        lockups.incrementAndGet(); // last: a listener may release the CPU, whose state must have been printed before
        try {
            onLockup.run();
        } catch (Throwable e) {
            cpus.warnings.thrown(onLockup, e);
        }
    }
}
