package org.smp4j.sched;

/** What a task is up to; mirrors {@code task_struct.__state} of {@code include/linux/sched.h}. */
public enum TaskState {
    /*
     *   NEW -> RUNNING        // first wake-up
     *   RUNNING -> BLOCKED    // the task itself, before it calls schedule()
     *   RUNNING -> PARKED     // a kernel thread itself
     *   BLOCKED -> RUNNING    // try_to_wake_up, under the task's lock
     *   PARKED -> RUNNING     // kthread_unpark
     *   RUNNING -> DEAD       // the task itself, at its end
     */
    /** Never woken yet. */
    NEW,
    /** On a run queue, or on its way to one. */
    RUNNING,
    /** Waits until it is woken ({@code TASK_UNINTERRUPTIBLE}). */
    BLOCKED,
    /** A kernel thread that was asked to step aside ({@code TASK_PARKED}). */
    PARKED,
    /** Has ended ({@code TASK_DEAD}). */
    DEAD
}
