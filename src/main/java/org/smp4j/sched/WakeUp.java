package org.smp4j.sched;

import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.LlistHead;
import org.smp4j.lib.LlistNode;
import org.smp4j.lib.Symbol;
import org.smp4j.lib.Waiter;

/**
 * Puts a woken task on a run queue, and chooses the queue; mirrors {@code try_to_wake_up} of
 * {@code kernel/sched/core.c}.
 */
final class WakeUp {
    /*
     * A wake-up sets the task RUNNING once, under the lock of the run queue on which the waker finds the task:
     *
     *   on a queue, or current there     | RUNNING keeps schedule() from dequeueing it; the task may have seen the flag
     *                                    | "woken" by itself, and returns early
     *   off the queue, still on its CPU  | RUNNING, and back onto that queue
     *   off the queue and off its CPU    | RUNNING; only a waker changes the state of such a task, and piLock keeps
     *                                    | other wakers out until the wake entry is queued
     *
     * Excluded: a waker sets RUNNING before it looks at the queue. The task, which has not left its CPU, takes the
     * wake-up, waits a second time and leaves; this waker then finds it BLOCKED and gone, and queues its entry; the
     * next waker finds it BLOCKED too, and queues the same entry again.
     *
     * A waker that finds the task off the queue while its thread still sits there (onCpu: the stopper borrows it)
     * queues it on that same CPU, and never waits: the waker has IRQs off, and the stopper may be waiting for the
     * waker's CPU.
     */
    private static final String NO_LONGER_AFFINE = "process %s no longer affine to cpu%d";

    private final Scheduler scheduler;
    private final Cpus cpus;
    private final Smp smp;
    /** New tasks created by threads that sit on no CPU; the next CPU that schedules places them. */
    private final LlistHead arrivals = new LlistHead();

    WakeUp(Scheduler scheduler) {
        this.scheduler = scheduler;
        this.cpus = scheduler.cpus;
        this.smp = scheduler.smp;
        smp.flusher().installTtwu(this::schedTtwuPending);
    }

    /** Mirrors {@code wake_up_new_task}. The caller may be a thread that sits on no CPU. */
    void wakeUpNewTask(Task task) {
        if (Cpu.currentOrNull() != null) {
            cpus.current(); // checks that it is one of these CPUs
        }
        task.setState(TaskState.RUNNING);
        if (Cpu.currentOrNull() != null) {
            place(Waiter.current(), task);
            return;
        }
        arrivals.add(task.wakeEntry);
        // a CPU that goes offline meanwhile may not look again
        for (int knocked = -1; knocked < 0 || !cpus.online.testCpu(knocked); ) {
            cpus.lifetime.check();
            knocked = cpus.online.testCpu(task.cpu) ? task.cpu : cpus.online.first();
            cpus.cpu(knocked).resched();
        }
    }

    boolean hasArrivals() {
        return !arrivals.isEmpty();
    }

    private void place(Waiter self, Task task) {
        int flags = task.piLock.lock(self);
        task.cpu = selectTaskRq(task);
        ttwuQueue(self, task);
        task.piLock.unlock(self, flags);
    }

    void placeArrivals(Waiter self) {
        LlistNode next;
        for (LlistNode node = LlistNode.reverseOrder(arrivals.delAll()); node != null; node = next) {
            next = node.next(); // before the entry is reused, for a call queue
            place(self, ((Task.WakeEntry) node).task);
        }
    }

    /** Mirrors {@code activate_task}; under the queue's lock. */
    void activate(RunQueue rq, Task task) {
        task.onRq = Task.OnRq.QUEUED;
        rq.enqueue(task);
        if (rq.preempts(task)) {
            cpus.cpu(rq.cpu).resched();
        } else {
            scheduler.timers.slice(rq.cpu);
        }
    }

    /**
     * Wakes a task if it is in a given state; mirrors {@code try_to_wake_up}. Context: any, on a CPU.
     *
     * @param task the task
     * @param expected the state from which to wake it
     * @return whether it was in that state
     */
    boolean tryToWakeUp(Task task, TaskState expected) {
        cpus.current(); // checks the caller: a CPU of another machine has no place in this machine's queues
        Waiter self = Waiter.current();
        int flags = task.piLock.lock(self);
        boolean wakes = task.state() == expected;
        if (wakes) {
            EventSink trace = Cpu.current().trace();
            if (trace != null) {
                wakes(trace, task);
            }
            if (!wakeWhereItIs(self, task)) {
                task.cpu = selectTaskRq(task);
                ttwuQueue(self, task);
            }
        }
        task.piLock.unlock(self, flags);
        return wakes;
    }

    private static void wakes(EventSink trace, Task task) {
        trace.schedWaking(task, task.cpu);
    }

    /**
     * Sets a task RUNNING, and returns whether that was all there is to do; mirrors {@code ttwu_runnable}. There is no
     * counterpart of its wait for {@code on_cpu}.
     */
    private boolean wakeWhereItIs(Waiter self, Task task) {
        for (int turn = 0;; turn++) {
            RunQueue rq = scheduler.runQueue(task.cpu);
            rq.lock.acquire(self);
            boolean stable = isSettledOn(task, rq.cpu);
            boolean there = task.onRq != Task.OnRq.NO || task.onCpu;
            if (stable) {
                task.setState(TaskState.RUNNING);
                if (task.onCpu && task.onRq == Task.OnRq.NO) {
                    activate(rq, task);
                }
            }
            rq.lock.release();
            if (stable) {
                return there;
            }
            self.relax(turn);
        }
    }

    /**
     * Whether a task belongs to a CPU's run queue; under piLock and that queue's lock it then stays there. A mover
     * writes the CPU before it ends MIGRATING, under the new queue's lock only: looked at the other way round, the old
     * CPU could be seen together with the place on the new queue, and a task be set RUNNING that goes to sleep there.
     */
    static boolean isSettledOn(Task task, int cpu) {
        return task.onRq != Task.OnRq.MIGRATING && task.cpu == cpu;
    }

    /** Mirrors {@code ttwu_queue}: a wake-up for another, active CPU goes through that CPU's call queue. */
    private void ttwuQueue(Waiter self, Task task) {
        Cpu here = Cpu.current();
        if (task.cpu != here.id && cpus.active.testCpu(task.cpu)) {
            smp.smpCallSingleQueue(here, cpus.cpu(task.cpu), task.wakeEntry);
            return;
        }
        RunQueue rq = scheduler.runQueue(task.cpu);
        rq.lock.acquire(self);
        activate(rq, task);
        rq.lock.release();
    }

    /** Handles the wake-ups from a CPU's call queue; mirrors {@code sched_ttwu_pending}. */
    private void schedTtwuPending(LlistNode chain) {
        Waiter self = Waiter.current();
        RunQueue rq = scheduler.runQueue(Cpu.current().id);
        rq.lock.acquire(self);
        LlistNode next;
        for (LlistNode node = chain; node != null; node = next) {
            next = node.next(); // once queued, the task may run and be woken again
            activate(rq, ((Task.WakeEntry) node).task);
        }
        rq.lock.release();
    }

    /**
     * Selects the CPU for a task: its last CPU if that is idle, else an idle CPU, else its last CPU. Mirrors
     * {@code select_task_rq}.
     */
    int selectTaskRq(Task task) {
        int last = task.cpu;
        boolean lastAllowed = task.mayRunOn(last);
        if (lastAllowed && (task.staysOnCpu() || isIdle(last))) {
            return last;
        }
        CpuMask allowed = task.affinity();
        int any = lastAllowed ? last : -1;
        for (int cpu = allowed.firstAnd(cpus.active, -1); cpu < cpus.nrCpuIds;
                cpu = allowed.firstAnd(cpus.active, cpu)) {
            if (isIdle(cpu)) {
                return cpu;
            }
            any = any < 0 ? cpu : any;
        }
        return any >= 0 ? any : selectFallbackRq(task, allowed, last);
    }

    private boolean isIdle(int cpu) {
        RunQueue rq = scheduler.runQueue(cpu);
        return rq.curr == rq.idle && rq.queued() == 0;
    }

    /** Selects a CPU when none of the task's affinity is active; mirrors {@code select_fallback_rq}. */
    private int selectFallbackRq(Task task, CpuMask allowed, int last) {
        if (!task.breakAffinity(allowed, cpus.possible.copy())) {
            return selectTaskRq(task);
        }
        if (!task.isKthread()) {
            cpus.printk.print(NO_LONGER_AFFINE.formatted(Symbol.ps(task.comm()), last));
        }
        return cpus.active.first();
    }
}
