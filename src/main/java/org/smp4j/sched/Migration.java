package org.smp4j.sched;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;

/**
 * The affinity of tasks, and how they leave a CPU where they may not run; mirrors {@code move_queued_task},
 * {@code set_cpus_allowed_ptr} and {@code migrate_disable} of {@code kernel/sched/core.c}.
 */
final class Migration {
    private final Scheduler scheduler;

    Migration(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /** Moves a task that is queued where it may not run; mirrors {@code move_queued_task}. Context: any, on a CPU. */
    void moveIfQueued(Task task) {
        Waiter self = Waiter.current();
        int flags = task.piLock.lock(self); // against wakers, which would wait for it to arrive
        RunQueue rq = scheduler.runQueue(task.cpu);
        rq.lock.acquire(self);
        boolean moves = WakeUp.isSettledOn(task, rq.cpu) && task.onRq == Task.OnRq.QUEUED && !task.onCpu
                && !task.mayRunOn(rq.cpu);
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

    /** Queues a task that is between two queues. Preemption and IRQs are off, and no queue is locked. */
    void attachElsewhere(Waiter self, Task task) {
        int to = scheduler.wakeUp.selectTaskRq(task);
        RunQueue rq = scheduler.runQueue(to);
        rq.lock.acquire(self);
        task.cpu = to;
        scheduler.wakeUp.activate(rq, task);
        rq.lock.release();
    }

    /** Mirrors {@code __set_cpus_allowed_ptr}. Context: task, may sleep. */
    int setCpusAllowed(Task task, CpuMask mask) {
        Cpus cpus = scheduler.cpus;
        if (task.policy == Task.Policy.IDLE || task.policy == Task.Policy.STOP
                || !mask.intersects(task.isKthread() ? cpus.online : cpus.active)) {
            return -Errno.EINVAL;
        }
        Waiter self = Waiter.current();
        int flags = task.piLock.lock(self);
        boolean stuck = task == Task.current() && task.migrateDisabled > 0 && !mask.testCpu(task.cpu);
        if (!stuck) {
            task.cpusMask = mask.copy();
        }
        task.piLock.unlock(self, flags);
        long slept = 0;
        while (!stuck && isMisplaced(task)) {
            moveIfQueued(task);
            cpus.cpu(task.cpu).resched();
            scheduler.giveWay(); // the task may be the caller
            if (isMisplaced(task)) {
                slept = scheduler.timers.sleepBetweenLooks(slept);
            }
        }
        return stuck ? -Errno.EBUSY : 0;
    }

    /**
     * Whether the task is on a CPU outside its affinity to run there. That includes a task that was woken and is not
     * queued yet, and a task that sleeps with its migration disabled.
     */
    private static boolean isMisplaced(Task task) {
        TaskState now = task.state();
        boolean there = task.onRq != Task.OnRq.NO || now == TaskState.RUNNING || task.migrateDisabled > 0
                && now != TaskState.DEAD;
        return there && !task.cpusMask.testCpu(task.cpu);
    }

    /** Mirrors {@code migrate_disable}. Context: the task itself. */
    void disable(Task self) {
        Cpu here = Preempt.disable();
        if (self.migrateDisabled == 0) {
            scheduler.runQueue(here.id).pinned += 1; // keeps the CPU from going down meanwhile
        }
        self.migrateDisabled = self.migrateDisabled + 1;
        here.preemptEnable();
    }

    /** Mirrors {@code migrate_enable}. Context: the task itself. */
    void enable(Task self) {
        if (self.migrateDisabled == 0) {
            scheduler.cpus.warnings.warn(Task.MIGRATION_ENABLED, self.comm());
            return;
        }
        Cpu here = Preempt.disable();
        self.migrateDisabled = self.migrateDisabled - 1;
        if (self.migrateDisabled == 0) {
            scheduler.runQueue(here.id).pinned -= 1;
        }
        here.preemptEnable();
        if (self.migrateDisabled == 0 && !self.mayRunOn(self.cpu)) {
            self.seat().resched();
            scheduler.giveWay();
        }
    }
}
