package org.smp4j.sched;

/** What a task does at the moment; mirrors {@code task_struct.__state} of {@code include/linux/sched.h}. */
public enum TaskState {
    /*
     * Which thread makes each transition of a task, and under which lock:
     *
     *   state    NEW -> RUNNING             the first waker, before the task is on any queue
     *            RUNNING -> BLOCKED, back   the task, on its CPU; schedule() dequeues a BLOCKED task under the
     *                                       queue's lock
     *            RUNNING -> PARKED, DEAD    the task, under piLock: no waker that has seen it BLOCKED remains
     *            BLOCKED, PARKED -> RUNNING a waker, under piLock and the lock of the run queue where it found the task
     *   onRq     NO, QUEUED, CURRENT        the lock of the run queue of "cpu"
     *            -> MIGRATING -> QUEUED     the lock of the old queue, then the lock of the new one; wakers wait in
     *                                       between
     *   onCpu    true, false                the lock of the run queue of the CPU on which it sits
     *   cpu      off its queue and its CPU  a waker, under piLock
     *            while MIGRATING            the mover, under the lock of the new queue
     *   cpusMask                            piLock; a compare-and-set when none of its CPUs remains
     *   woken                               exchanges; a waker sets it before it looks at the state, the task looks at
     *                                       it after it has set the state
     *
     * Locks are taken in the order piLock, run queue, timers of a CPU. The lock of the object that a task waits for
     * comes before piLock.
     */
    /** Not yet woken for the first time. */
    NEW,
    /** On a run queue, or on its way to one. */
    RUNNING,
    /** Waits until it is woken ({@code TASK_UNINTERRUPTIBLE}). */
    BLOCKED,
    /** A kernel thread that was asked to park ({@code TASK_PARKED}). */
    PARKED,
    /** Has ended ({@code TASK_DEAD}). */
    DEAD
}
