package org.smp4j.stop;

import java.util.Objects;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Wiring;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;

/**
 * Stops one CPU, two CPUs or all CPUs of a machine, and runs a function there meanwhile; mirrors the API of
 * {@code kernel/stop_machine.c}.
 */
public final class StopMachine {
    /*
     * Why two stops of all CPUs never deadlock: stop_cpus queues all its works with preemption off, so that the local
     * stopper can't run halfway; a mutex serializes such requests; stop_two_cpus holds both stoppers' locks while it
     * queues, and does not queue while a stop_cpus is queueing. So no two stoppers have the same two requests in
     * opposite order.
     */

    /** Called before the stoppers run, with several CPUs online. */
    public static final WarnSite EARLY =
            WarnSite.once("stop_machine_cpuslocked", "called before initialization with %d CPUs online");
    /** A function changed the preempt count. */
    public static final WarnSite LEAKED =
            WarnSite.once("cpu_stopper_thread", "cpu_stop: %s leaked preempt count");

    private final Cpus cpus;
    private final Scheduler scheduler;
    private final CpuHotplugLock hotplugLock;
    private final CpuStopper[] stoppers;
    private final Mutex stopCpusMutex = new Mutex();

    // Written by: stop_cpus, while it queues, under its mutex and with preemption off.
    // Read by: stop_two_cpus, under both stoppers' locks.
    // Ordering: true before a CPU's work is queued, false after it: its lock orders both, explorations need opaque.
    // Volatile for the wait until it is false.
    private volatile boolean stopCpusInProgress;

    // Written by: the boot, once. Read by: stop_machine. Ordering: before the task is started
    // that calls it; volatile, as it is rare.
    private volatile boolean initialized;

    /**
     * The stoppers of a machine, all of them disabled.
     *
     * @param scheduler its scheduler
     * @param hotplugLock its hotplug lock
     * @param cpus its CPUs
     */
    public StopMachine(Scheduler scheduler, CpuHotplugLock hotplugLock, Cpus cpus) {
        this.cpus = cpus;
        this.scheduler = scheduler;
        this.hotplugLock = hotplugLock;
        stoppers = new CpuStopper[cpus.nrCpuIds];
        for (int cpu = 0; cpu < stoppers.length; cpu++) {
            stoppers[cpu] = new CpuStopper(scheduler, cpu, cpus.tracer);
        }
        scheduler.installStopClass(cpu -> stoppers[cpu.id].run(cpu));
    }

    /** Makes the stoppers do the work from here on; mirrors {@code cpu_stop_init}. Context: when the machine boots. */
    @Wiring
    public void initialize() {
        initialized = true;
    }

    /**
     * Lets a CPU's stopper accept works; mirrors {@code stop_machine_unpark}. Context: the CPU itself when it comes up.
     *
     * @param cpu the CPU
     */
    @Wiring
    public void stopMachineUnpark(int cpu) {
        stoppers[cpus.check(cpu)].enabled = true;
    }

    /**
     * Makes a CPU's stopper accept no more works; mirrors {@code stop_machine_park}. Context: that stopper, in its
     * CPU's last stop.
     *
     * @param cpu the CPU
     */
    @Wiring
    public void stopMachinePark(int cpu) {
        stoppers[cpus.check(cpu)].stopMachinePark();
    }

    /**
     * Describes what a CPU's stopper runs; mirrors {@code print_stop_info}. Context: any thread.
     *
     * @param cpu the CPU
     * @return for example {@code Stopper: multi_cpu_stop+0x0/0x0 <- main}, or null if it runs nothing
     */
    public String printStopInfo(int cpu) {
        return stoppers[cpus.check(cpu)].stopInfo();
    }

    /**
     * Runs a function in a CPU's stopper, and waits for it; mirrors {@code stop_one_cpu}. Context: task, may sleep; the
     * CPU may go offline meanwhile.
     *
     * @param cpu the CPU
     * @param fn the function
     * @param arg the function's argument
     * @return what the function returned; -EIO if it threw; -ENOENT if it did not run because the CPU is offline or
     *         does not exist
     * @throws IllegalStateException if the caller must not sleep here
     */
    public int stopOneCpu(int cpu, CpuStopFn fn, Object arg) {
        Objects.requireNonNull(fn, "fn");
        scheduler.mightSleep("stop_one_cpu");
        CpuStopDone done = new CpuStopDone(1);
        if (!queueWork(cpu, new CpuStopWork().set(fn, arg, Task.current().comm(), done))) {
            return -Errno.ENOENT;
        }
        scheduler.condResched(); // if it is this CPU, the stopper runs now
        return done.await();
    }

    /**
     * Runs a function in a CPU's stopper, soon; mirrors {@code stop_one_cpu_nowait}. Context: any, on a CPU.
     *
     * @param cpu the CPU
     * @param fn the function
     * @param arg the function's argument
     * @param work memory for the request; it must not be in use, and the caller must not touch it until the function
     *         begins
     * @return whether it was queued; false if the CPU is offline or does not exist
     * @throws IllegalStateException if the memory is in use
     */
    public boolean stopOneCpuNowait(int cpu, CpuStopFn fn, Object arg, CpuStopWork work) {
        Objects.requireNonNull(fn, "fn");
        Objects.requireNonNull(work, "work");
        cpus.current();
        if (!work.claim()) {
            throw new IllegalStateException("stop_one_cpu_nowait: the work is in use until its function begins");
        }
        boolean queued = queueWork(cpu, work.set(fn, arg, Task.current().comm(), null));
        if (!queued) {
            work.free();
        }
        return queued;
    }

    /** Mirrors {@code cpu_stop_queue_work}. */
    private boolean queueWork(int cpu, CpuStopWork work) {
        if (!cpus.possible.testCpu(cpu)) {
            return false;
        }
        Waiter self = Waiter.current();
        Cpu.current().traceFunction("cpu_stop_queue_work");
        Cpu here = Preempt.disable();
        CpuStopper stopper = stoppers[cpu];
        int flags = stopper.lock.lock(self);
        boolean enabled = stopper.enabled;
        if (enabled) {
            stopper.append(work);
        } else if (work.done != null) {
            work.done.signal();
        }
        stopper.lock.unlock(self, flags);
        if (enabled) {
            scheduler.wakeStopper(cpu);
        }
        here.preemptEnable();
        return enabled;
    }

    /**
     * Stops two CPUs and runs a function on the first; mirrors {@code stop_two_cpus}. Context: task, IRQs on, may
     * sleep.
     *
     * @param cpu1 the CPU on which the function runs, with IRQs off
     * @param cpu2 the other CPU, which waits with IRQs off; it must differ from the first
     * @param fn the function
     * @param arg the function's argument
     * @return what the function returned; -EIO if it threw; -ENOENT if a CPU is offline or does not exist
     * @throws IllegalArgumentException if both are the same CPU
     * @throws IllegalStateException if the caller must not sleep here
     */
    public int stopTwoCpus(int cpu1, int cpu2, CpuStopFn fn, Object arg) {
        if (cpu1 == cpu2) {
            throw new IllegalArgumentException("stop_two_cpus: the CPUs must differ, got CPU " + cpu1 + " twice");
        }
        Objects.requireNonNull(fn, "fn");
        scheduler.mightSleep("stop_two_cpus");
        if (!cpus.possible.testCpu(cpu1) || !cpus.possible.testCpu(cpu2)) {
            return -Errno.ENOENT;
        }
        MultiStop multi = new MultiStop(fn, arg, 2, CpuMask.of(cpus.nrCpuIds, cpu1));
        CpuStopDone done = new CpuStopDone(2);
        String caller = Task.current().comm();
        CpuStopWork work1 = new CpuStopWork().set(MultiStop.call(), multi, caller, done);
        CpuStopWork work2 = new CpuStopWork().set(MultiStop.call(), multi, caller, done);
        boolean ordered = cpu1 < cpu2;
        if (!queueTwoWorks(Math.min(cpu1, cpu2), ordered ? work1 : work2, Math.max(cpu1, cpu2), ordered
                ? work2 : work1)) {
            return -Errno.ENOENT;
        }
        return done.await();
    }

    /** Mirrors {@code cpu_stop_queue_two_works}. */
    boolean queueTwoWorks(int lower, CpuStopWork lowerWork, int higher, CpuStopWork higherWork) {
        Waiter self = Waiter.current();
        for (;;) {
            Cpu here = Preempt.disable();
            int flags = stoppers[lower].lock.lock(self);
            stoppers[higher].lock.acquire(self);
            boolean enabled = stoppers[lower].enabled && stoppers[higher].enabled;
            boolean retry = enabled && stopCpusInProgress;
            if (enabled && !retry) {
                stoppers[lower].append(lowerWork);
                stoppers[higher].append(higherWork);
            }
            stoppers[higher].lock.release();
            stoppers[lower].lock.unlock(self, flags);
            // preemption still off: otherwise one stopper could take this CPU before the other is awake
            if (enabled && !retry) {
                scheduler.wakeStopper(lower);
                scheduler.wakeStopper(higher);
            }
            here.preemptEnable();
            if (!retry) {
                return enabled;
            }
            for (int turn = 0; stopCpusInProgress; turn++) {
                self.relax(turn);
            }
        }
    }

    /**
     * Runs a function in the stoppers of several CPUs, not necessarily at the same time, and waits for all; mirrors
     * {@code stop_cpus}. Context: task, may sleep.
     *
     * @param mask the CPUs
     * @param fn the function
     * @param arg the function's argument
     * @return 0 if all returned 0, else one of the other results; -ENOENT if none ran
     */
    int stopCpus(CpuMask mask, CpuStopFn fn, Object arg) {
        stopCpusMutex.lock();
        try {
            return stopCpusLocked(mask, fn, arg);
        } finally {
            stopCpusMutex.unlock();
        }
    }

    private int stopCpusLocked(CpuMask mask, CpuStopFn fn, Object arg) {
        CpuStopDone done = new CpuStopDone(mask.weight());
        return queueStopCpusWork(mask, fn, arg, done) ? done.await() : -Errno.ENOENT;
    }

    /** Mirrors {@code queue_stop_cpus_work}; under the mutex. */
    private boolean queueStopCpusWork(CpuMask mask, CpuStopFn fn, Object arg, CpuStopDone done) {
        String caller = Task.current().comm();
        boolean queued = false;
        Cpu here = Preempt.disable(); // otherwise the local stopper could run, and wait for CPUs without a work yet
        stopCpusInProgress = true;
        for (int cpu = mask.first(); cpu < cpus.nrCpuIds; cpu = mask.next(cpu)) {
            queued |= queueWork(cpu, stoppers[cpu].stopWork.set(fn, arg, caller, done));
        }
        stopCpusInProgress = false;
        here.preemptEnable();
        return queued;
    }

    /**
     * Stops all CPUs and runs a function meanwhile, with IRQs off everywhere; mirrors {@code stop_machine}. Context:
     * task, may sleep; not from hotplug callbacks.
     *
     * @param fn the function
     * @param data the function's argument
     * @param mask the CPUs on which it runs; null for the lowest online CPU
     * @return 0 if all returned 0, else one of the other results; a function that threw counts as -EIO
     * @throws IllegalStateException if the caller must not sleep, for example because its preemption is off
     */
    public int stopMachine(CpuStopFn fn, Object data, CpuMask mask) {
        check(fn, mask);
        scheduler.mightSleep("stop_machine");
        hotplugLock.cpusReadLock();
        try {
            return stopMachineCpuslocked(fn, data, mask);
        } finally {
            hotplugLock.cpusReadUnlock();
        }
    }

    /**
     * As {@link #stopMachine}, for a caller that already holds the hotplug lock; mirrors
     * {@code stop_machine_cpuslocked}. Context: task, may sleep.
     *
     * @param fn the function
     * @param data the function's argument
     * @param mask the CPUs on which it runs; null for the lowest online CPU
     * @return as {@link #stopMachine}
     */
    public int stopMachineCpuslocked(CpuStopFn fn, Object data, CpuMask mask) {
        check(fn, mask);
        if (!initialized) {
            return stopEarly(fn, data);
        }
        scheduler.mightSleep("stop_machine_cpuslocked");
        hotplugLock.assertCpusHeld();
        return stopCpus(cpus.online, MultiStop.call(), new MultiStop(fn, data, cpus.numOnline(), mask));
    }

    private void check(CpuStopFn fn, CpuMask mask) {
        Objects.requireNonNull(fn, "fn");
        if (mask != null) {
            cpus.check(mask);
        }
    }

    private int stopEarly(CpuStopFn fn, Object data) {
        if (cpus.numOnline() != 1) {
            cpus.warnings.warn(EARLY, cpus.numOnline());
        }
        Cpu here = cpus.current();
        boolean flags = here.irqSave();
        int ret = CpuStopper.call(here, fn, data);
        here.irqRestore(flags);
        return ret;
    }

    /**
     * Stops the hardware threads of one core and runs a function on each; mirrors {@code stop_core_cpuslocked}. Each
     * CPU here is a core of its own. Context: task, may sleep; the hotplug lock is held.
     *
     * @param cpu a CPU of the core
     * @param fn the function
     * @param data the function's argument
     * @return as {@link #stopMachine}; -ENOENT if the CPU is offline or does not exist
     */
    public int stopCoreCpuslocked(int cpu, CpuStopFn fn, Object data) {
        Objects.requireNonNull(fn, "fn");
        scheduler.mightSleep("stop_core_cpuslocked");
        if (!cpus.possible.testCpu(cpu)) {
            return -Errno.ENOENT;
        }
        hotplugLock.assertCpusHeld();
        CpuMask siblings = CpuMask.of(cpus.nrCpuIds, cpu);
        return stopCpus(siblings, MultiStop.call(), new MultiStop(fn, data, siblings.weight(), siblings));
    }

    /**
     * Stops all active CPUs from a CPU that is not active and can't sleep; mirrors
     * {@code stop_machine_from_inactive_cpu}. Context: a thread bound to that CPU, while it comes up or goes down, and
     * while no other CPU stops it together with an active one, as by {@link #stopTwoCpus}: each of the two stops would
     * wait for a CPU that the other has, whether preemption is on or off.
     *
     * @param fn the function
     * @param data the function's argument
     * @param mask the CPUs on which it runs; null for the lowest online CPU
     * @return the local result if it is not 0, else as {@link #stopMachine}
     * @throws IllegalStateException if the CPU is active
     */
    public int stopMachineFromInactiveCpu(CpuStopFn fn, Object data, CpuMask mask) {
        check(fn, mask);
        Cpu here = cpus.current();
        if (cpus.active.testCpu(here.id)) {
            throw new IllegalStateException("stop_machine_from_inactive_cpu: CPU " + here.id + " is active");
        }
        Waiter self = Waiter.current();
        int others = cpus.active.weight();
        MultiStop multi = new MultiStop(fn, data, others + 1, mask);
        for (int turn = 0; !stopCpusMutex.tryLock(); turn++) {
            self.relax(turn);
        }
        CpuStopDone done = new CpuStopDone(others);
        queueStopCpusWork(cpus.active, MultiStop.call(), multi, done);
        int ret = multi.run(here);
        for (int turn = 0; !done.isComplete(); turn++) {
            self.relax(turn);
        }
        stopCpusMutex.unlock();
        return ret != 0 ? ret : done.ret();
    }
}
