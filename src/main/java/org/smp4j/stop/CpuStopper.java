package org.smp4j.stop;

import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.Errno;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Symbol;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.Scheduler;

/**
 * A CPU's stopper, which preempts every task and runs its works in order of arrival; mirrors {@code struct cpu_stopper}
 * of {@code kernel/stop_machine.c}.
 *
 * <p>Differs: it has no thread; the CPU's sitter runs its works when the scheduler finds it runnable.
 */
final class CpuStopper {
    /** The stopper was parked with works left. */
    static final WarnSite PARKED_WITH_WORKS =
            WarnSite.always("cpu_stop_park", "stopper of CPU %d parked with works left");

    final RawSpinLock lock = new RawSpinLock();
    // for stop_cpus, whose mutex is held from the time it is filled until its function has ended
    final CpuStopWork stopWork = new CpuStopWork();
    private final Scheduler scheduler;
    private final int cpu;
    private final EventSink tracer;
    private CpuStopWork first; // guarded by lock
    private CpuStopWork last; // guarded by lock

    // Written by: the CPU itself, when it comes up and in its last stop; on the way down without the lock.
    // Read by: senders that queue, under the lock.
    // Ordering: volatile. A work that was queued before its sender could see the flag cleared is still run; the stop in
    // which it is cleared hands that on: explorations need opaque. Volatile, as it is rare.
    volatile boolean enabled;

    // Written by: the stopper, around each function. Read by: reports. Ordering: volatile; publishes caller.
    private volatile CpuStopFn fn;

    // Written by: the stopper, around each function. Read by: reports. Ordering: volatile; before fn. A report that has
    // read fn may find the caller of the next function, or none.
    private volatile String caller;

    // Written by: the CPU itself, in its last stop. Read by: the CPU itself. Ordering: plain, one thread.
    private boolean shouldPark;

    CpuStopper(Scheduler scheduler, int cpu, EventSink tracer) {
        this.scheduler = scheduler;
        this.cpu = cpu;
        this.tracer = tracer;
    }

    /** Appends a work; under the lock. Mirrors {@code __cpu_stop_queue_work}. */
    void append(CpuStopWork work) {
        work.next = null;
        if (last == null) {
            first = work;
        } else {
            last.next = work;
        }
        last = work;
        if (tracer != null) { // under the lock: afterwards the work belongs to the stopper
            tracer.cpuStopQueueWork(cpu, work);
        }
    }

    private CpuStopWork poll(Waiter self) {
        int flags = lock.lock(self);
        CpuStopWork work = first;
        if (work == null) {
            scheduler.stopperSleeps(cpu);
        } else {
            first = work.next;
            if (first == null) {
                last = null;
            }
        }
        lock.unlock(self, flags);
        return work;
    }

    /** Runs all works; mirrors {@code cpu_stopper_thread}. Context: the stopper, preempt count 0, IRQs on. */
    void run(Cpu here) {
        Waiter self = Waiter.current();
        for (CpuStopWork work; (work = poll(self)) != null; ) {
            CpuStopFn function = work.fn; // copied: once called, the function's owner may reuse the work
            Object arg = work.arg;
            caller = work.caller;
            CpuStopDone done = work.done;
            if (done == null) {
                work.free();
            }
            fn = function;
            here.preemptCountAdd(1);
            if (here.cpus.tracer != null) {
                here.cpus.tracer.cpuStopWorkEntry(function, work);
            }
            int ret = call(here, function, arg);
            if (here.cpus.tracer != null) {
                here.cpus.tracer.cpuStopWorkExit(function, work, ret);
            }
            if (done != null) {
                done.result(ret);
                done.signal();
            }
            here.preemptCountSub(1);
            fn = null;
            caller = null;
        }
        if (shouldPark) {
            shouldPark = false;
            park(self);
        }
    }

    /**
     * Calls a function. A function that throws is reported and counts as having returned -EIO; a function that changes
     * preempt count or IRQ flag is reported too. Other CPUs wait for it in both cases.
     */
    static int call(Cpu here, CpuStopFn function, Object arg) {
        int count = here.preemptCount();
        boolean irqsOff = here.irqsDisabled();
        int ret;
        try {
            ret = function.call(arg);
        } catch (Throwable e) {
            here.cpus.warnings.thrown(function, e);
            ret = -Errno.EIO;
        }
        Context.check(here, function, count, irqsOff, StopMachine.LEAKED);
        return ret;
    }

    private void park(Waiter self) {
        int flags = lock.lock(self);
        boolean left = first != null;
        lock.unlock(self, flags);
        if (left) {
            scheduler.warnings().warn(PARKED_WITH_WORKS, cpu);
        }
    }

    /**
     * Accepts no more works, runs those already queued, then parks; mirrors {@code stop_machine_park}. Context: the
     * stopper itself.
     */
    void stopMachinePark() {
        enabled = false; // without the lock: a sender that holds it now queues a work that is still run
        shouldPark = true;
    }

    /** Names the function that it runs; mirrors {@code print_stop_info}. */
    String stopInfo() {
        CpuStopFn function = fn;
        return function == null ? null : "Stopper: " + Symbol.pS(function) + " <- " + caller;
    }
}
