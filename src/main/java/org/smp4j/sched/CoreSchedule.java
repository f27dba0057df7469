package org.smp4j.sched;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IdleWait;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Waiter;

/**
 * Chooses a CPU's next task, and passes the seat on; mirrors {@code __schedule} and {@code context_switch} of
 * {@code kernel/sched/core.c}.
 */
final class CoreSchedule {
    /*
     * A switch. During every switch, the preempt count is 2 and IRQs are off, so that both stay unchanged when the seat
     * passes.
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
     * The stopper has no thread. The CPU's sitter runs its works in schedule(), with "current" switched. Nothing
     * preempts it meanwhile.
     */

    private final Scheduler scheduler;

    CoreSchedule(Scheduler scheduler) {
        this.scheduler = scheduler;
    }

    /**
     * Mirrors {@code __schedule}: preemption is off, IRQs are on. Returns the CPU on which the caller sits afterwards;
     * null for a task that has ended.
     */
    Cpu schedule(Cpu cpu, Task prev, boolean preempt) {
        RunQueue rq = scheduler.runQueue(cpu.id);
        ExpeditedGracePeriods expedited = scheduler.rcu().expedited();
        boolean rotate = true;
        boolean lingers = !preempt && prev.state() == TaskState.BLOCKED;
        for (;;) {
            int flags = rq.lock.lock(prev);
            cpu.clearNeedResched();
            if (scheduler.wakeUp.hasArrivals()) { // after the request is cleared: a thread that adds one requests again
                rq.lock.unlock(prev, flags);
                scheduler.wakeUp.placeArrivals(prev);
                continue;
            }
            if (expedited.owes(cpu)) { // as above: an interrupt that makes the CPU owe a report requests again
                rq.lock.unlock(prev, flags);
                expedited.noteContextSwitch(cpu);
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
                rotate = false; // a stop does not cost the task its turn, unless the tick came meanwhile
                continue;
            }
            boolean goesOn = prev.onRq == Task.OnRq.CURRENT && prev.mayRunOn(cpu.id)
                    && rq.letsGoOn(prev, rotate || rq.sliceOver);
            rq.sliceOver = false;
            Task next = goesOn ? prev : pickNext(rq, prev);
            rq.curr = next;
            Membarrier.switchMm(rq, next);
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
     * Plays the idle task on the thread of a task that has just blocked, because that task may continue soon; false
     * when it gives up.
     */
    private boolean linger(Cpu cpu) {
        boolean pending = IdleWait.linger(cpu);
        cpu.poll();
        cpu.clearNeedResched();
        scheduler.smp.flushSmpCallFunctionQueue(); // of senders that saw the CPU polling, and sent no interrupt
        return pending;
    }

    private void runStopper(Cpu cpu, Task prev, RunQueue rq) {
        EventSink trace = cpu.trace();
        if (trace != null) {
            trace.schedSwitch(prev, rq.stop);
        }
        prev.stopper = rq.stop; // while preemption is on: an interrupt in between would reschedule the task in here
        cpu.preemptCountSub(1);
        try {
            scheduler.stopClass().run(cpu);
            cpu.preemptCountAdd(1);
        } finally {
            giveBack(prev); // even if the machine is closed: the task must release its own resources
        }
        trace = cpu.trace();
        if (trace != null) {
            trace.schedSwitch(rq.stop, prev);
        }
    }

    private static void giveBack(Task thread) {
        thread.stopper = null;
    }

    /**
     * Mirrors {@code pick_next_task}; if prev can continue here, it is queued behind its class. Under the queue's lock.
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
                // woken before it left: the switch moves it once it is off this CPU; earlier it would be on two CPUs
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
     * Moves a queued task, already taken off the queue, to a CPU where it may run. Releases the queue's lock meanwhile.
     */
    private void moveQueued(RunQueue rq, Task task) {
        Waiter self = Waiter.current();
        task.onRq = Task.OnRq.MIGRATING;
        rq.lock.release();
        scheduler.migration.attachElsewhere(self, task);
        rq.lock.acquire(self);
    }

    private Cpu contextSwitch(Cpu cpu, RunQueue rq, Task prev, Task next, int flags) {
        boolean moves = prev.onRq == Task.OnRq.CURRENT; // not put back, so it may not run here
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
