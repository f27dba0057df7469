package org.smp4j.sched;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IdleWait;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Waiter;

/**
 * Chooses who sits on a CPU next, and passes the seat on; mirrors {@code __schedule} and {@code context_switch} of
 * {@code kernel/sched/core.c}.
 */
final class CoreSchedule {
    /*
     * A switch. The preempt count is 2 and IRQs are off across it, always, so that the seat passes with both as they
     * are.
     *
     *   task that leaves (prev)                        | task that comes (next)
     *   -----------------------------------------------+------------------------------------------
     *   lock; off the queue if it blocks; choose next  |
     *   curr = next; prev.onCpu = false; unlock        |
     *     from here on a waker may place prev elsewhere|
     *   pass the seat (release), unpark next           |
     *                                                  | sees the seat (acquire); unwinds count and IRQs
     *   waits for a seat of its own                    |
     *
     * The stopper has no thread. Whoever sits on the CPU runs its works in schedule(), with "current" switched. Nothing
     * preempts it meanwhile.
     */

    private final Scheduler scheduler;

    CoreSchedule(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Mirrors {@code __schedule}: preemption is off, IRQs are on. Returns the CPU on which the caller sits then; null
     * to one that is dead.
     */
    Cpu schedule(Cpu cpu, Task prev, boolean preempt) {
        RunQueue rq = scheduler.runQueue(cpu.id);
        boolean rotate = true;
        boolean lingers = !preempt && prev.state() == TaskState.BLOCKED;
        for (;;) {
            int flags = rq.lock.lock(prev);
            cpu.clearNeedResched();
            if (scheduler.wakeUp.hasArrivals()) { // after the request is cleared: whoever adds one asks again after it
                rq.lock.unlock(prev, flags);
                scheduler.wakeUp.placeArrivals(prev);
                continue;
            }
            rq.noteSwitch();
            if (!preempt && prev.state() != TaskState.RUNNING && prev.onRq == Task.OnRq.CURRENT) {
                prev.onRq = Task.OnRq.NO;
            }
            if (rq.stopRunnable) {
                rq.curr = rq.stop;
                rq.lock.unlock(prev, flags);
                runStopper(cpu, prev, rq);
                rotate = false; // being stopped is no reason to lose one's turn, unless the tick came meanwhile
                continue;
            }
            boolean goesOn = prev.onRq == Task.OnRq.CURRENT && prev.mayRunOn(cpu.id)
                    && rq.letsGoOn(prev, rotate || rq.sliceOver);
            rq.sliceOver = false;
            Task next = goesOn ? prev : pickNext(rq, prev);
            rq.curr = next;
            if (next == rq.idle && lingers && prev.onRq == Task.OnRq.NO && next != prev) {
                rq.lock.unlock(prev, flags);
                lingers = linger(cpu);
                continue;
            }
            if (next == prev) {
                rq.lock.unlock(prev, flags);
                return cpu;
            }
            return contextSwitch(cpu, rq, prev, next, flags);
        }
    }

    /**
     * Plays the idle task on the thread of a task that has just blocked, because that may go on soon; false when it
     * gives up.
     */
    private boolean linger(Cpu cpu) {
        boolean pending = IdleWait.linger(cpu);
        cpu.poll();
        cpu.clearNeedResched();
        scheduler.smp.flushSmpCallFunctionQueue(); // of who saw it polling until now, and sent no interrupt
        return pending;
    }

    private void runStopper(Cpu cpu, Task prev, RunQueue rq) {
        EventSink trace = cpu.trace();
        if (trace != null) {
            trace.schedSwitch(prev, rq.stop);
        }
        cpu.preemptCountSub(1);
        prev.stopper = rq.stop;
        try {
            scheduler.stopClass().run(cpu);
        } finally {
            giveBack(prev); // also where the machine is closed: what the task holds is the task's to give back
        }
        cpu.preemptCountAdd(1);
        trace = cpu.trace();
        if (trace != null) {
            trace.schedSwitch(rq.stop, prev);
        }
    }

    private static void giveBack(Task thread) {
        thread.stopper = null;
    }

    /**
     * Mirrors {@code pick_next_task}; prev goes to the back of its class if it can go on here. Under the queue's lock.
     */
    private Task pickNext(RunQueue rq, Task prev) {
        if (prev.onRq == Task.OnRq.CURRENT && prev.mayRunOn(rq.cpu)) {
            prev.onRq = Task.OnRq.QUEUED;
            if (prev.yields) {
                rq.enqueue(prev);
            } else {
                rq.enqueuePreempted(prev);
            }
        }
        Task next;
        while ((next = rq.poll()) != null && !next.mayRunOn(rq.cpu)) {
            if (next == prev) {
                // woken before it left: the switch moves it, once it is off this CPU; sooner it would be on two
                prev.onRq = Task.OnRq.CURRENT;
            } else {
                moveQueued(rq, next);
            }
        }
        if (next == null) {
            return rq.idle;
        }
        next.onRq = Task.OnRq.CURRENT;
        if (rq.queued() > 0) {
            scheduler.timers.slice(rq.cpu);
        }
        return next;
    }

    /**
     * Moves a queued task, already taken off the queue, to a CPU where it may run. The queue's lock is let go
     * meanwhile.
     */
    private void moveQueued(RunQueue rq, Task task) {
        Waiter self = Waiter.current();
        task.onRq = Task.OnRq.MIGRATING;
        rq.lock.release();
        scheduler.migration.attachElsewhere(self, task);
        rq.lock.acquire(self);
    }

    private Cpu contextSwitch(Cpu cpu, RunQueue rq, Task prev, Task next, int flags) {
        boolean moves = prev.onRq == Task.OnRq.CURRENT; // it was not put back: it may not run here
        if (moves) {
            prev.onRq = Task.OnRq.MIGRATING;
        }
        boolean ends = prev.state() == TaskState.DEAD;
        next.onCpu = true;
        prev.onCpu = false;
        EventSink trace = cpu.trace();
        if (trace != null) {
            trace.schedSwitch(prev, next);
        }
        rq.lock.release(); // IRQs and preemption stay off, for next
        if (moves) {
            scheduler.migration.attachElsewhere(prev, prev);
        }
        if (!next.hasThread()) {
            next.startThread();
        }
        prev.passSeatTo(next);
        if (ends) {
            return null;
        }
        prev.awaitSeat();
        prev.atomicEnd(flags);
        return prev.seat();
    }
}
