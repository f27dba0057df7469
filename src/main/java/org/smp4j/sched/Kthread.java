package org.smp4j.sched;

import java.util.Objects;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.WarnSite;

/** A kernel thread of one CPU that can be asked to park; mirrors {@code kernel/kthread.c}. */
public final class Kthread extends Task {
    /** A thread that is ending was asked to park. */
    public static final WarnSite PARK_EXITING = WarnSite.always("kthread_park", "%s is exiting");
    /** A thread was asked to park twice. */
    public static final WarnSite PARK_TWICE = WarnSite.once("kthread_park", "%s was asked to park already");

    private final Completion parked = new Completion();
    private final CpuMask home;

    // Written by: the threads that park, unpark or stop it.
    // Read by: the thread, at its loop's head.
    // Ordering: set before the wake-up, whose mark and piLock order it: explorations need opaque. Volatile for threads
    // that only poll it.
    private volatile boolean shouldPark;

    // Written by: the thread that stops it. Read by: the thread, at its loop's head; the thread that parks it.
    // Ordering: as shouldPark.
    private volatile boolean shouldStop;

    // Written by: the thread, at its end. Read by: the task that parks it. Ordering: before "parked" is completed for
    // the last time, whose lock orders it: explorations need opaque. Volatile, as it is rare.
    private volatile boolean ended;

    private Kthread(Scheduler scheduler, String comm, int cpu, Runnable body) {
        super(scheduler, comm, Policy.NORMAL, CpuMask.of(scheduler.cpus.nrCpuIds, cpu), body);
        home = affinity();
    }

    /**
     * Makes a kernel thread of a CPU; {@link #startOnce} wakes it. Mirrors {@code kthread_create_on_cpu}.
     *
     * @param scheduler the scheduler
     * @param comm its name
     * @param cpu the CPU
     * @param body what it runs; it must check {@link #kthreadShouldStop} and {@link #kthreadShouldPark}
     * @return the thread
     */
    public static Kthread createOnCpu(Scheduler scheduler, String comm, int cpu, Runnable body) {
        scheduler.cpus.check(cpu);
        return new Kthread(scheduler, Objects.requireNonNull(comm, "comm"), cpu, Objects.requireNonNull(body, "body"));
    }

    /**
     * Wakes it for the first time, unless that was done before; mirrors {@code wake_up_process} of a new kernel thread.
     * Context: any; not by two threads at once.
     */
    public void startOnce() {
        if (!hasBegun()) {
            scheduler.wakeUp.wakeUpNewTask(this);
        }
    }

    /** {@return whether it has been woken for the first time} */
    boolean hasBegun() {
        return state() != TaskState.NEW;
    }

    /**
     * Ends the Java thread of a parked kernel thread; when it is unparked, its body starts again on another one.
     * Context: any, on a CPU.
     */
    void retire() {
        if (state() == TaskState.PARKED) {
            retireThread();
        }
    }

    @Override
    boolean isKthread() {
        return true;
    }

    /** Completes "parked" however the thread ends, so that a task that waits for it to park does not wait forever. */
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
        ended = true; // before the completion: a task that resets the completion looks here afterwards
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
                    + "; a thread parks itself, or kthread_park asks it to");
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
     * Asks it to park and waits until it has, and is off its CPU; if the caller is the thread itself, it is only asked.
     * Mirrors {@code kthread_park}. Context: task, may sleep.
     *
     * @return 0; -ENOSYS if it is ending, or ends instead, for example because its function threw; -EBUSY if it was
     *         asked before
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
        parked.reinit(); // a thread that was unparked while it parked has completed this once more
        shouldPark = true;
        if (ended) {
            return -Errno.ENOSYS;
        }
        if (!hasBegun()) {
            return 0; // it will park first if it is ever woken
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
        long slept = 0;
        for (int turn = 0; !isInactive(); turn++) {
            if (onRq == OnRq.QUEUED) {
                // preempted on its way out: it needs the CPU once more, perhaps this one
                slept = scheduler.timers.sleepBetweenLooks(slept);
            } else {
                Cpu.current().sitter().relax(turn);
            }
        }
    }

    /** Lets it continue, on its own CPU; mirrors {@code kthread_unpark}. Context: any, on a CPU. */
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
     * Asks it to end and waits until it has; a thread whose CPU is down ends on another CPU. Mirrors
     * {@code kthread_stop}. Context: task, may sleep.
     */
    public void kthreadStop() {
        scheduler.mightSleep("kthread_stop");
        if (this == Task.current()) {
            throw new IllegalStateException("kthread_stop: " + this
                    + " can't wait for its own end; let its function return instead");
        }
        if (!hasBegun()) {
            shouldStop = true; // not started: no end to wait for
            return;
        }
        shouldStop = true;
        kthreadUnpark();
        wake();
        join();
    }
}
