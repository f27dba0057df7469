package org.smp4j.sched;

import java.util.Objects;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.WarnSite;

/** A kernel thread of one CPU that can be asked to step aside; mirrors {@code kernel/kthread.c}. */
public final class Kthread extends Task {
    /** A thread that ends was asked to park. */
    public static final WarnSite PARK_EXITING = WarnSite.always("kthread_park", "%s is exiting");
    /** A thread was asked to park twice. */
    public static final WarnSite PARK_TWICE = WarnSite.once("kthread_park", "%s was asked to park already");

    private final Completion parked = new Completion();
    private final CpuMask home;

    // Written by: who parks, unparks or stops it.
    // Read by: the thread, at its loop's head.
    // Ordering: volatile; set before the wake-up.
    private volatile boolean shouldPark;

    // Written by: who stops it. Read by: the thread, at its loop's head; who parks it. Ordering: volatile; set before
    // the wake-up.
    private volatile boolean shouldStop;

    // Written by: the thread, at its end. Read by: the task that parks it. Ordering: volatile; before "parked" is
    // completed for the last time.
    private volatile boolean ended;

    private Kthread(Scheduler scheduler, String comm, int cpu, Runnable body) {
        super(scheduler, comm, Policy.NORMAL, CpuMask.of(scheduler.cpus.nrCpuIds, cpu), body);
        home = affinity();
    }

    /**
     * Makes a kernel thread of a CPU; it has to be woken with {@link #startOnce}. Mirrors
     * {@code kthread_create_on_cpu}.
     *
     * @param scheduler the scheduler
     * @param comm its name
     * @param cpu the CPU
     * @param body what it runs; it looks at {@link #kthreadShouldStop} and {@link #kthreadShouldPark}
     * @return the thread
     */
    public static Kthread createOnCpu(Scheduler scheduler, String comm, int cpu, Runnable body) {
        scheduler.cpus.check(cpu);
        return new Kthread(scheduler, Objects.requireNonNull(comm, "comm"), cpu, Objects.requireNonNull(body, "body"));
    }

    /**
     * Wakes it for the first time, if it was not; mirrors {@code wake_up_process} of a new kernel thread. Context: any;
     * not twice at once.
     */
    public void startOnce() {
        if (!hasBegun()) {
            scheduler.wakeUp.wakeUpNewTask(this);
        }
    }

    /** {@return whether it was woken for the first time} */
    public boolean hasBegun() {
        return state() != TaskState.NEW;
    }

    /**
     * Ends the Java thread of one that is parked; when it is unparked its body begins anew on another. Context: any, on
     * a CPU.
     */
    public void retire() {
        if (state() == TaskState.PARKED) {
            retireThread();
        }
    }

    @Override
    boolean isKthread() {
        return true;
    }

    /** However it ends, a task that waits until it is parked need not wait any longer. */
    @Override
    void body() {
        try {
            super.body();
        } catch (Aborted | ThreadRetired e) {
            throw e;
        } catch (Throwable e) {
            ends();
            throw e;
        }
        ends();
    }

    private void ends() {
        ended = true; // before the completion: a task that makes that incomplete again looks here afterwards
        parked.complete();
    }

    /** {@return whether the current thread was asked to park; mirrors {@code kthread_should_park}} */
    public boolean kthreadShouldPark() {
        return shouldPark;
    }

    /** {@return whether the current thread was asked to end; mirrors {@code kthread_should_stop}} */
    public boolean kthreadShouldStop() {
        return shouldStop;
    }

    /**
     * Parks the current thread until it is unparked; mirrors {@code kthread_parkme}. Context: the thread itself, may
     * sleep.
     */
    public void kthreadParkme() {
        scheduler.mightSleep("kthread_parkme");
        if (this != Task.current()) {
            throw new IllegalStateException("kthread_parkme: " + Task.current() + " is not " + this
                    + "; a thread parks itself, or is asked to by kthread_park");
        }
        for (;;) {
            setSpecialState(TaskState.PARKED);
            if (!shouldPark) {
                break;
            }
            parked.complete();
            scheduler.schedule();
        }
        setState(TaskState.RUNNING);
    }

    /**
     * Asks it to park and waits until it has, and is off its CPU; the thread itself is only told. Mirrors
     * {@code kthread_park}. Context: task, may sleep.
     *
     * @return 0; -ENOSYS if it is ending, or ends instead, for example because its function threw; -EBUSY if it was
     *         asked already
     */
    public int kthreadPark() {
        if (this != Task.current()) {
            scheduler.mightSleep("kthread_park");
        }
        if (shouldStop || state() == TaskState.DEAD) {
            cpus.warnings.warn(PARK_EXITING, comm());
            return -Errno.ENOSYS;
        }
        if (shouldPark) {
            cpus.warnings.warn(PARK_TWICE, comm());
            return -Errno.EBUSY;
        }
        parked.reinit(); // a thread that was unparked while it parked has completed it once more
        shouldPark = true;
        if (ended) {
            return -Errno.ENOSYS;
        }
        if (!hasBegun()) {
            return 0; // it will park before anything else, if it is ever woken
        }
        if (this != Task.current()) {
            wake();
            parked.waitForCompletion();
            waitInactive();
            if (state() == TaskState.DEAD) {
                return -Errno.ENOSYS;
            }
        }
        return 0;
    }

    /** Waits until the thread is off its CPU and its queue; mirrors {@code wait_task_inactive}. */
    private void waitInactive() {
        for (int turn = 0; !isInactive(); turn++) {
            if (onRq == OnRq.QUEUED) {
                // preempted on its way out: it needs the CPU once more, perhaps this one
                scheduler.timers.scheduleTimeout(1);
            } else {
                Cpu.current().sitter().relax(turn);
            }
        }
    }

    /** Lets it go on, on its own CPU; mirrors {@code kthread_unpark}. Context: any, on a CPU. */
    public void kthreadUnpark() {
        if (shouldPark) {
            shouldPark = false;
            parked.reinit();
            if (state() == TaskState.PARKED) {
                breakAffinity(affinity(), home); // it may have been pushed off its CPU
            }
            scheduler.wakeUp.tryToWakeUp(this, TaskState.PARKED);
        }
    }

    /**
     * Asks it to end and waits until it has; one whose CPU is down ends elsewhere. Mirrors {@code kthread_stop}.
     * Context: task, may sleep.
     */
    public void kthreadStop() {
        scheduler.mightSleep("kthread_stop");
        if (this == Task.current()) {
            throw new IllegalStateException("kthread_stop: " + this
                    + " would wait for its own end; a thread ends when its function returns");
        }
        if (!hasBegun()) {
            shouldStop = true; // nothing to wait for
            return;
        }
        shouldStop = true;
        kthreadUnpark();
        wake();
        join();
    }
}
