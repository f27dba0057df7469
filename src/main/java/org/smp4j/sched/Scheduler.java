package org.smp4j.sched;

import java.util.Objects;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;
import org.smp4j.lib.Wiring;

/** Decides which task sits on which CPU of a machine; mirrors {@code kernel/sched/core.c}. */
public final class Scheduler {
    /** A task tried to sleep where it must not. */
    public static final WarnSite WHILE_ATOMIC =
            WarnSite.always("schedule", "BUG: scheduling while atomic: %s by %s, preempt count %#x, IRQs %s");

    final Cpus cpus;
    final Smp smp;
    final Timers timers;
    final ThreadSource threads;
    private final RunQueue[] runQueues;
    final WakeUp wakeUp;
    final Migration migration;
    private final CoreSchedule core;
    private final Rcu rcu;

    // Installed while the machine is made, before any of its threads starts; plain, published by the threads' start.
    private StopClass stopClass = cpu -> {
    };
    private CpuLifecycle lifecycle;

    /**
     * The scheduler of a machine.
     *
     * @param smp its calls
     * @param irqWorks its irq_works
     * @param cpus its CPUs
     * @param threads creates its tasks' threads
     */
    public Scheduler(Smp smp, IrqWorks irqWorks, Cpus cpus, ThreadSource threads) {
        this.cpus = cpus;
        this.smp = smp;
        this.threads = threads;
        runQueues = new RunQueue[cpus.nrCpuIds];
        for (int cpu = 0; cpu < runQueues.length; cpu++) {
            runQueues[cpu] = new RunQueue(cpu);
            runQueues[cpu].idle = new IdleTask(this, cpu);
            runQueues[cpu].stop =
                    new Task(this, "migration/" + cpu, Task.Policy.STOP, CpuMask.of(cpus.nrCpuIds, cpu), null);
            runQueues[cpu].curr = runQueues[cpu].idle;
        }
        timers = new Timers(this, irqWorks);
        wakeUp = new WakeUp(this);
        migration = new Migration(this);
        core = new CoreSchedule(this);
        rcu = new Rcu(this);
        cpus.installPreemption(this::preemptSchedule);
    }

    /** {@return the machine's warnings} */
    public Warnings warnings() {
        return cpus.warnings;
    }

    /** {@return the machine's timers} */
    public Timers timers() {
        return timers;
    }

    /** {@return the machine's grace periods} */
    public Rcu rcu() {
        return rcu;
    }

    RunQueue runQueue(int cpu) {
        return runQueues[cpu];
    }

    private RunQueue checkedRunQueue(int cpu) {
        return runQueues[cpus.check(cpu)];
    }

    /**
     * How often a task has disabled migration, possibly stale at once.
     *
     * @param task the task
     * @return how often
     */
    public static int migrateDisabled(Task task) {
        return task.migrateDisabled;
    }

    /**
     * The task that runs on a CPU, possibly stale at once; mirrors {@code cpu_curr}.
     *
     * @param cpu the CPU
     * @return the task
     */
    public Task curr(int cpu) {
        return checkedRunQueue(cpu).curr;
    }

    /**
     * How often a CPU's scheduler has run.
     *
     * @param cpu the CPU
     * @return the count, possibly stale at once
     */
    public long switches(int cpu) {
        return checkedRunQueue(cpu).switches();
    }

    /**
     * Lets a CPU's own thread sit down for the first time, or again after the CPU was dead.
     *
     * @param cpu a CPU with an empty seat
     */
    @Wiring
    public void startIdle(int cpu) {
        if (cpus.cpu(cpu).sitter() != null) {
            throw new IllegalStateException("CPU " + cpu + " already runs");
        }
        IdleTask idle = (IdleTask) runQueues[cpu].idle;
        runQueues[cpu].curr = idle;
        idle.onCpu = true;
        idle.startThread();
        idle.seatOn(cpus.cpu(cpu));
    }

    /**
     * Makes a task and wakes it; mirrors {@code kthread_run}. Context: any.
     *
     * @param comm its name
     * @param policy how it competes, NORMAL or FIFO
     * @param affinity where it may run; copied
     * @param body what it runs; an exception that it throws is a warning, and {@link Task#failure}
     * @return the task
     * @throws IllegalArgumentException if none of those CPUs is active
     */
    public Task run(String comm, Task.Policy policy, CpuMask affinity, Runnable body) {
        if (policy != Task.Policy.NORMAL && policy != Task.Policy.FIFO) {
            throw new IllegalArgumentException("the policy must be NORMAL or FIFO, got " + policy);
        }
        Task task = new Task(this, Objects.requireNonNull(comm, "comm"), policy, placeable(affinity),
                Objects.requireNonNull(body, "body"));
        threads.spawned(task);
        wakeUp.wakeUpNewTask(task);
        return task;
    }

    /**
     * Makes the calling thread, which belongs to no machine, a task.
     *
     * @param comm its name
     * @param affinity where it may run; copied
     * @return the task; {@link #release} ends it
     */
    public Task adopt(String comm, CpuMask affinity) {
        Cpu seat = Cpu.currentOrNull();
        if (seat != null) {
            throw new IllegalStateException(Thread.currentThread().getName() + " already sits on " + seat);
        }
        Task task = new Task(this, Objects.requireNonNull(comm, "comm"), Task.Policy.NORMAL, placeable(affinity), null);
        task.adoptCallingThread();
        return task;
    }

    /**
     * Ends an adopted task; its thread is independent again. Context: the task itself.
     *
     * @param task what {@link #adopt} returned
     * @throws IllegalStateException if the caller is not that task
     */
    public void release(Task task) {
        if (task != cpus.current().sitter() || !task.isAdopted() || !Preempt.inTask()) {
            throw new IllegalStateException("release: " + task + " is not the calling thread's adopted task");
        }
        task.doExit();
        Waiter.FOREIGN.remove();
    }

    private CpuMask placeable(CpuMask affinity) {
        if (!cpus.check(affinity).intersects(cpus.active)) {
            throw new IllegalArgumentException("no CPU of " + affinity + " is active; active are " + cpus.active);
        }
        return affinity.copy();
    }

    /** {@return whether a CPU has a reason to leave idle} */
    boolean hasWork(int cpu) {
        RunQueue rq = runQueues[cpu];
        return rq.queued() > 0 || rq.stopRunnable || wakeUp.hasArrivals();
    }

    // ---- schedule ----

    /**
     * Throws if the caller must not sleep here; mirrors {@code might_sleep}.
     *
     * @param what the function that may sleep
     * @throws IllegalStateException if preemption or IRQs are off, in an interrupt, stopper or called function, or on a
     *         CPU of another machine
     */
    public void mightSleep(String what) {
        Task current = Task.current();
        Cpu cpu = cpus.current();
        if (cpu.preemptCount() != 0 || cpu.irqsDisabled() || cpu.isHeld() || current.policy == Task.Policy.STOP) {
            cpus.warnings.warn(WHILE_ATOMIC, what, current, cpu.preemptCount(), cpu.irqsDisabled() ? "off" : "on");
            throw new IllegalStateException(what + ": " + current + " must not sleep here");
        }
    }

    /**
     * Gives the CPU to the next task, and returns when the caller runs again; mirrors {@code schedule}. Context: task,
     * preempt count 0, IRQs on.
     */
    public void schedule() {
        mightSleep("schedule");
        scheduleLoop(Task.current(), false);
    }

    /**
     * Reschedules if requested; a poll point; mirrors {@code cond_resched}. Context: task, may sleep.
     *
     * @throws IllegalStateException if the caller must not sleep here, even if no other task wants the CPU
     */
    public void condResched() {
        mightSleep("cond_resched");
        giveWay();
    }

    /** As {@link #condResched}, but in any context: if the caller must not sleep, nothing happens. */
    void giveWay() {
        Cpu.current().poll();
        Cpu cpu = Cpu.current();
        if (cpu.needResched() && cpu.preemptCount() == 0 && !cpu.irqsDisabled()) {
            preemptSchedule(cpu);
        }
    }

    /** Lets other tasks of the same class go first; mirrors {@code yield}. Context: task, preempt count 0, IRQs on. */
    public void yieldCpu() {
        mightSleep("yield");
        Task self = Task.current();
        self.yields = true;
        scheduleLoop(self, true);
        self.yields = false;
    }

    private void preemptSchedule(Cpu cpu) {
        Task self = (Task) cpu.sitter();
        if (self.stopper == null && !self.isIdleTask()) { // nothing preempts the stopper; the idle task looks by itself
            scheduleLoop(self, true);
        }
    }

    private void scheduleLoop(Task self, boolean preempt) {
        Cpu cpu;
        do {
            cpu = core.schedule(Preempt.disable(), self, preempt);
            cpu.preemptCountSub(1);
        } while (cpu.needResched());
    }

    /** As {@link #schedule}, for a CPU's idle task; mirrors {@code schedule_idle}. */
    void scheduleIdle(Cpu cpu, Task idle) {
        core.schedule(cpu, idle, false);
    }

    /** First code that a new task's thread runs; mirrors {@code schedule_tail}. */
    void scheduleTail(Task task) {
        if (task.isIdleTask()) {
            task.seat().preemptCountSub(1); // and IRQs stay off until its CPU is online
        } else {
            task.atomicEnd(0);
            task.seat().preemptEnable();
        }
    }

    /** Leaves the CPU forever. */
    void exit(Task task) {
        Cpu cpu = task.seat();
        cpu.preemptCountAdd(1); // first: a dead task must leave for good, not be preempted
        task.setSpecialState(TaskState.DEAD);
        core.schedule(cpu, task, false);
    }

    /**
     * Requests a reschedule of a CPU; mirrors {@code resched_cpu}. Context: any, on a CPU.
     *
     * @param cpu the CPU; nothing happens if it is offline
     */
    public void reschedCpu(int cpu) {
        cpus.current();
        if (cpus.online.testCpu(cpu) || cpu == Cpu.rawSmpProcessorId()) {
            Waiter self = Waiter.current();
            RunQueue rq = runQueues[cpu];
            int flags = rq.lock.lock(self);
            cpus.cpu(cpu).resched();
            rq.lock.unlock(self, flags);
        }
    }

    /**
     * Sets where a task may run, and waits until it no longer runs elsewhere; mirrors {@code set_cpus_allowed_ptr}.
     * Context: task, may sleep.
     *
     * @param task the task
     * @param mask where it may run; copied
     * @return 0; -EINVAL if none of the CPUs is active, or the task is an idle task or a stopper; -EBUSY if the task is
     *         the caller, and its migration is disabled
     */
    public int setCpusAllowedPtr(Task task, CpuMask mask) {
        if (Objects.requireNonNull(task, "task").cpus != cpus) {
            throw new IllegalArgumentException(task + " is a task of another machine");
        }
        cpus.check(mask);
        mightSleep("set_cpus_allowed_ptr");
        return migration.setCpusAllowed(task, mask);
    }

    // ---- for the stop floor ----

    /**
     * Installs the runner of stop works.
     *
     * @param runner the stop floor's runner
     */
    @Wiring
    public void installStopClass(StopClass runner) {
        stopClass = Objects.requireNonNull(runner, "runner");
    }

    /**
     * Makes a CPU's stopper runnable and requests a reschedule, by interrupt if it is another CPU; mirrors
     * {@code wake_up_process} of a stopper. Context: any, on a CPU.
     *
     * @param cpu the CPU
     */
    @Wiring
    public void wakeStopper(int cpu) {
        checkedRunQueue(cpu).stopRunnable = true;
        cpus.cpu(cpu).resched();
    }

    /**
     * Records that a CPU's stopper has run out of works; under the stopper's lock.
     *
     * @param cpu the CPU
     */
    @Wiring
    public void stopperSleeps(int cpu) {
        checkedRunQueue(cpu).stopRunnable = false;
    }

    /**
     * Whether no task waits for a CPU, and no sleeping task is bound to return to it. The task that runs there does not
     * count.
     *
     * @param cpu the CPU
     * @return whether it is so, possibly stale at once
     */
    public boolean isVacated(int cpu) {
        return checkedRunQueue(cpu).queued() == 0 && runQueues[cpu].pinned == 0;
    }

    /**
     * Whether the stopper runs on the thread of a task that wants to continue.
     *
     * @param cpu the current CPU
     * @return false if the thread is the idle task's, or that of a task that has just blocked
     */
    public boolean isInUse(Cpu cpu) {
        return cpu.sitter() instanceof Task below && !below.isIdleTask() && below.onRq == Task.OnRq.CURRENT;
    }

    /**
     * Installs the hooks for CPUs that start and end.
     *
     * @param handler the hotplug floor's hooks
     */
    @Wiring
    public void installLifecycle(CpuLifecycle handler) {
        lifecycle = Objects.requireNonNull(handler, "handler");
    }

    StopClass stopClass() {
        return stopClass;
    }

    CpuLifecycle lifecycle() {
        return lifecycle;
    }
}
