package org.smp4j.race.block;

import org.smp4j.Machine;
import org.smp4j.lib.Completion;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.Timers;

/** A work that a timer queues on CPU 0; mirrors {@code struct delayed_work}. Context of all: a task, may sleep. */
public final class DelayedWork {
    private final Machine machine;
    private final Runnable func;
    private final Mutex mutex = new Mutex();
    private Timers.Timer timer; // guarded by mutex
    private boolean disabled; // guarded by mutex

    /**
     * A work that is not pending.
     *
     * @param machine the machine
     * @param func what it does
     */
    public DelayedWork(Machine machine, Runnable func) {
        this.machine = machine;
        this.func = func;
    }

    /**
     * Queues it after a while, unless it is disabled; mirrors {@code schedule_delayed_work}.
     *
     * @param jiffies the delay
     */
    public void schedule(long jiffies) {
        mutex.lock();
        if (!disabled) {
            timer = machine.scheduler().timers().start(System.nanoTime() + jiffies * Timers.JIFFY,
                    () -> machine.workqueue().queueWorkOn(0, func));
        }
        mutex.unlock();
    }

    /**
     * Makes sure that it neither runs nor is queued; it may be queued again at once. Mirrors {@code
     * cancel_delayed_work_sync}.
     */
    public void cancelSync() {
        mutex.lock();
        stop();
        mutex.unlock();
        flush();
    }

    /** As {@link #cancelSync}, and from here on it can't be queued; mirrors {@code disable_delayed_work_sync}. */
    public void disableSync() {
        mutex.lock();
        disabled = true;
        stop();
        mutex.unlock();
        flush();
    }

    private void stop() {
        if (timer != null) {
            machine.scheduler().timers().cancel(timer);
            timer = null;
        }
    }

    /** Waits for a run of it that was queued before: works of a CPU run in order. */
    private void flush() {
        Completion done = new Completion();
        machine.workqueue().queueWorkOn(0, done::complete);
        done.waitForCompletion();
    }
}
