package org.smp4j.sched;

import org.smp4j.lib.Waiter;

/** Moves tasks that are not running from one run queue to another; mirrors {@code move_queued_task} of {@code kernel/sched/core.c}. */
final class Migration {
    private final Scheduler scheduler;

    Migration(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Moves a task that waits where it may not run; mirrors {@code move_queued_task}. Context: any, on a CPU. */
    void moveIfQueued(Task task) {
        Waiter self = Waiter.current();
        int flags = task.piLock.lock(self); // against wakers, who would wait for it to arrive
        RunQueue rq = scheduler.runQueue(task.cpu);
        rq.lock.acquire(self);
        boolean moves = rq.cpu == task.cpu && task.onRq == Task.OnRq.QUEUED && !task.onCpu && !task.mayRunOn(rq.cpu);
        if (moves) {
            rq.remove(task);
            task.onRq = Task.OnRq.MIGRATING;
        }
        rq.lock.release();
        if (moves) {
            attachElsewhere(self, task);
        }
        task.piLock.unlock(self, flags);
    }

    /** Queues a task that is between two queues. Preemption and IRQs are off, no queue is locked. */
    void attachElsewhere(Waiter self, Task task) {
        int to = scheduler.wakeUp.selectTaskRq(task);
        RunQueue rq = scheduler.runQueue(to);
        rq.lock.acquire(self);
        task.cpu = to;
        scheduler.wakeUp.activate(rq, task);
        rq.lock.release();
    }
}
