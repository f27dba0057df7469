package org.smp4j.sched;

/** A wake-up that puts the task on the queue once more. */
public final class QueuesTwice {
    private QueuesTwice() {
    }

    public static void again(WakeUp wakeUp, RunQueue rq, Task task) {
        rq.enqueue(task);
    }
}
