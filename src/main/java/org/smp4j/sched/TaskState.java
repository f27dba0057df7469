package org.smp4j.sched;

/** What a task is up to; mirrors {@code task_struct.__state} of {@code include/linux/sched.h}. */
public enum TaskState {
    /*
     * What protects each transition of a task:
     *
     *   state    NEW -> RUNNING             the one that wakes it first, before it is on any queue
     *            RUNNING -> BLOCKED, back   the task, on its CPU; schedule() takes a BLOCKED one off its queue, under the queue's lock
     *            RUNNING -> PARKED, DEAD    the task, under piLock: no waker that has seen it BLOCKED is left
     *            BLOCKED, PARKED -> RUNNING a waker, under piLock and the lock of the run queue where it found the task
     *   onRq     NO, QUEUED, CURRENT        the lock of the run queue of "cpu"
     *            -> MIGRATING -> QUEUED     the lock of the queue that it leaves, then that of the one to which it comes; wakers wait in between
     *   onCpu    true, false                the lock of the run queue of the CPU on which it sits
     *   cpu      off its queue and its CPU  a waker, under piLock
     *            while MIGRATING            the mover, under the lock of the new queue
     *   cpusMask                            piLock; a compare-and-set where no CPU of it is left
     *   woken                               exchanges; set before a waker looks at the state, looked at by the task after it set the state
     *
     * Locks are taken in the order piLock, run queue, timers of a CPU. The lock of what is waited for comes before piLock.
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
