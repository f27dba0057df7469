package org.smp4j.sched;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.call.TtwuNode;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.WarnSite;

/** A thread that the scheduler puts on CPUs; mirrors {@code struct task_struct} of {@code include/linux/sched.h}. */
public class Task extends Sitter {
    /** More enables than disables of migration. */
    public static final WarnSite MIGRATION_ENABLED = WarnSite.once("migrate_enable", "%s has not disabled migration");

    /** How a task competes; mirrors the scheduling classes of {@code kernel/sched}. */
    public enum Policy {
        /** Above all others; borrows the thread of the CPU's sitter ({@code stop_sched_class}). */
        STOP,
        /** First in, first out, above NORMAL ({@code SCHED_FIFO}). */
        FIFO,
        /** Round robin at reschedule points ({@code SCHED_NORMAL}). */
        NORMAL,
        /** A CPU's own task, which runs when no other wants the CPU ({@code idle_sched_class}). */
        IDLE
    }

    /** A task's relation to a run queue; mirrors {@code task_struct.on_rq}. */
    enum OnRq {
        /** The task does not want a CPU. */
        NO,
        /** The task waits in the queue. */
        QUEUED,
        /** The task was taken from the queue to run. */
        CURRENT,
        /** The task is between two queues. */
        MIGRATING
    }

    /** A call queue's link to the task. */
    static final class WakeEntry extends TtwuNode {
        final Task task;

        WakeEntry(Task task) {
            this.task = task;
        }
    }

    private static final VarHandle WOKEN = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "woken",
            VarHandle.class, Task.class, boolean.class);
    private static final VarHandle CPUS_MASK = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "cpusMask", VarHandle.class, Task.class, CpuMask.class);

    final Scheduler scheduler;
    final Policy policy;
    final WakeEntry wakeEntry = new WakeEntry(this);
    final RawSpinLock piLock = new RawSpinLock();
    private final String comm;
    private final Runnable body;
    private final Completion exited = new Completion();

    // Written by: the task itself, and wakers under piLock. Read by: the same, its CPU's scheduler, reports.
    // Ordering: volatile: the task sets it, then tests its condition; a waker changes the condition, then reads it.
    private volatile TaskState state = TaskState.NEW;

    // Written by: any waker; cleared by the task when a wait ends. Read by: the task.
    // Ordering: volatile; the task takes it with an exchange. The waker sets it, then reads the state; the task does so
    // the other way round, and sees what the waker did. With the lock that a waker takes then, a release would do.
    private boolean woken;

    // Written by: the thread that places the task, under piLock or the lock of its run queue.
    // Read by: wakers, which lock that run queue and look again. Ordering: volatile; onRq publishes it.
    volatile int cpu;

    // Guarded by the lock of the run queue of "cpu"; MIGRATING -> QUEUED by the mover under the new queue's lock.
    // Written by: schedulers and wakers. Read by: the same. Ordering: volatile; the end of MIGRATING publishes "cpu".
    volatile OnRq onRq = OnRq.NO;

    // Written by: the scheduler of the CPU on which the task starts or stops sitting, under that run queue's lock.
    // Read by: wakers under that lock; threads that wait until it is parked, which need opaque. Ordering: the lock.
    volatile boolean onCpu;

    // Written by: the thread that changes the affinity, under piLock; the thread that breaks an affinity without an
    // active CPU. Replaced. Read by: schedulers. Ordering: volatile: publishes its bits; broken by compare-and-set.
    volatile CpuMask cpusMask;

    // Written by: the task itself. Read by: its CPU's scheduler; tasks that make a barrier.
    // Ordering: opaque, between the fences of Membarrier; plain for the scheduler, which has the run queue's lock.
    Mm mm;
    Task nextQueued; // guarded by the run queue's lock: the queue's link

    // Written by: the task itself. Read by: its CPU's scheduler; threads that wake it or change its affinity.
    // Ordering: state, or a run queue's lock, is enough: explorations need opaque. Volatile for reports.
    volatile int migrateDisabled;

    /** The stopper that borrows the task's thread, or null; only that thread uses it. */
    Task stopper;
    /** How often the task holds {@code cpu_hotplug_lock} for reading; only the task itself uses it. */
    int cpusReadHeld;
    /** Whether the task yields to tasks of its priority, even under FIFO; only the task itself uses it. */
    boolean yields;

    private Throwable failure; // of the body; published by "exited" and by the end of the thread

    /**
     * A task not yet woken for the first time.
     *
     * @param scheduler the scheduler of its machine
     * @param comm its name
     * @param policy how it competes
     * @param affinity where it may run
     * @param body what it runs
     */
    protected Task(Scheduler scheduler, String comm, Policy policy, CpuMask affinity, Runnable body) {
        super(scheduler.cpus);
        this.scheduler = scheduler;
        this.comm = comm;
        this.policy = policy;
        this.cpusMask = affinity;
        this.cpu = affinity.first();
        this.body = body;
    }

    /**
     * The task that runs on the caller's CPU; mirrors {@code current}.
     *
     * @return the task; the stopper if called from a stopper's callback
     * @throws IllegalStateException if the caller sits on no CPU, or plays a CPU without a scheduler
     */
    public static Task current() {
        if (Cpu.current().sitter() instanceof Task self) {
            // reads no run queue: the caller could be moved to another CPU before it looks there
            return self.stopper == null ? self : self.stopper;
        }
        throw new IllegalStateException(Thread.currentThread().getName() + " plays " + Cpu.current()
                + " and is not a task");
    }

    @Override
    public final String comm() {
        return comm;
    }

    /** {@return how it competes} */
    public final Policy policy() {
        return policy;
    }

    @Override
    public final boolean isIdleTask() {
        return policy == Policy.IDLE;
    }

    /** {@return whether it neither runs nor waits to run; mirrors the condition of {@code wait_task_inactive}} */
    final boolean isInactive() {
        return onRq == OnRq.NO && !onCpu; // in the order in which a task that blocks leaves; it is not woken meanwhile
    }

    /** {@return its state, possibly stale at once} */
    public final TaskState state() {
        return state;
    }

    final void setState(TaskState next) {
        state = next;
    }

    /**
     * Sets a state that an ordinary wake-up must not end; mirrors {@code set_special_state}. With the lock, a waker
     * that has seen the task BLOCKED is finished before: it would queue a task that has ended.
     */
    final void setSpecialState(TaskState next) {
        int flags = piLock.lock(this);
        state = next;
        piLock.unlock(this, flags);
    }

    /** {@return the CPU on which it runs or last ran, possibly stale at once; mirrors {@code task_cpu}} */
    public final int cpu() {
        return cpu;
    }

    /** {@return where it may run; mirrors {@code task_struct.cpus_ptr}; callers must not modify it} */
    public final CpuMask affinity() {
        return cpusMask;
    }

    /** Replaces an affinity that has no active CPU; false if another thread has changed it meanwhile. */
    final boolean breakAffinity(CpuMask old, CpuMask mask) {
        return CPUS_MASK.compareAndSet(this, old, mask);
    }

    /** {@return whether it is a kernel thread, which may be bound to a CPU that is online but not active} */
    boolean isKthread() {
        return false;
    }

    /** Keeps the current task on its CPU, but preemptible; nests; mirrors {@code migrate_disable}. Context: task. */
    public static void migrateDisable() {
        Task self = current();
        self.scheduler.migration.disable(self);
    }

    /** Undoes {@link #migrateDisable}; mirrors {@code migrate_enable}. Context: task. */
    public static void migrateEnable() {
        Task self = current();
        self.scheduler.migration.enable(self);
    }

    /** {@return whether the scheduler may let it run on a CPU now} */
    final boolean mayRunOn(int candidate) {
        if (migrateDisabled > 0 || policy == Policy.IDLE) {
            return candidate == cpu;
        }
        CpuMask mask = cpusMask; // once: a mover does not keep it from being replaced
        boolean isPerCpuKthread = isKthread() && mask.weight() == 1;
        return mask.testCpu(candidate) && (isPerCpuKthread ? cpus.online : cpus.active).testCpu(candidate);
    }

    @Override
    protected final boolean staysOnCpu() {
        return migrateDisabled > 0 || policy == Policy.IDLE || policy == Policy.STOP || cpusMask.weight() == 1;
    }

    /** Starts its thread, which waits for a seat. Without a thread its CPU could not go on: the machine panics. */
    final void startThread() {
        try {
            attachAndStart(scheduler.threads.newThread(comm, this, this::run));
        } catch (Throwable e) {
            cpus.lifetime.panic("no thread for " + comm + ": " + e.getClass().getName());
            cpus.lifetime.check();
            throw e;
        }
    }

    /** {@return whether it adopted a thread that existed before it} */
    final boolean isAdopted() {
        return body == null && policy == Policy.NORMAL && !isKthread();
    }

    /** Makes the calling thread this task's own, instead of a new one; returns seated. */
    final void adoptCallingThread() {
        attach(Thread.currentThread());
        try {
            scheduler.wakeUp.wakeUpNewTask(this);
            awaitSeat();
        } catch (Aborted e) {
            FOREIGN.remove();
            throw e;
        }
        scheduler.scheduleTail(this);
    }

    final boolean hasThread() {
        return thread() != null;
    }

    private void run() {
        try {
            awaitSeat();
            scheduler.scheduleTail(this);
            main();
        } catch (Aborted | ThreadRetired e) {
            // The machine has ended or the task's CPU is down; the thread ends too.
        } finally {
            scheduler.threads.ended(Thread.currentThread());
        }
    }

    /** The body of its thread, entered seated. */
    void main() {
        try {
            body();
        } catch (Aborted | ThreadRetired e) {
            throw e;
        } catch (Throwable e) {
            failure = e;
            cpus.warnings.thrown(comm, e);
        }
        doExit();
    }

    void body() {
        body.run();
    }

    /** Ends the running task; mirrors {@code do_exit}. The caller's thread continues without a seat. */
    final void doExit() {
        leaveAtomic();
        exited.completeAll();
        scheduler.exit(this);
    }

    /** Enables preemption and IRQs for the next task; mirrors that part of {@code make_task_dead}. */
    private void leaveAtomic() {
        Cpu here = Cpu.current();
        if (here.irqsDisabled()) {
            cpus.printk.print("note: %s exited with irqs disabled".formatted(comm));
        }
        if (here.preemptCount() != 0) {
            cpus.printk.print("note: %s exited with preempt_count %d".formatted(comm, here.preemptCount()));
            here.preemptCountSub(here.preemptCount());
        }
        if (migrateDisabled > 0) {
            cpus.printk.print("note: %s exited with migration disabled".formatted(comm));
            migrateDisabled = 1;
            migrateEnable();
        }
        Cpu.current().irqRestore(false); // migrateEnable may have moved the task off "here"
    }

    /** Waits until the task has ended. Context: a task of the same machine, may sleep. */
    public final void join() {
        scheduler.mightSleep("join"); // on this task's machine
        exited.waitForCompletion();
    }

    /** {@return what its body threw, or null; meaningful only after the task has ended} */
    public final Throwable failure() {
        return failure;
    }

    /** Always throws: a task ends when its body returns. */
    @Override
    public void close() {
        throw new IllegalStateException("close: " + comm + " is a task, which ends when its body returns");
    }

    /** For a task without a thread of its own: the thread that plays the task leaves its CPU. */
    final void standUp() {
        super.close();
    }

    @Override
    public final void mightSleep(String what) {
        scheduler.mightSleep(what);
    }

    @Override
    public final void block() {
        prepareToBlock();
    }

    /** Runs before the task may sleep; mirrors {@code wq_worker_sleeping}. */
    void goesToSleep() {
    }

    /** Runs when the task returns from where it may have slept; mirrors {@code wq_worker_running}. */
    void isBack() {
    }

    private void prepareToBlock() {
        // before the state changes: a stopper's state is that of the task whose thread it borrows
        scheduler.mightSleep("schedule");
        if (takeWoken()) {
            return;
        }
        goesToSleep();
        state = TaskState.BLOCKED;
        if (takeWoken()) {
            state = TaskState.RUNNING;
        } else {
            scheduler.schedule();
            takeWoken();
        }
        isBack();
    }

    private boolean takeWoken() {
        return (boolean) WOKEN.getVolatile(this) && (boolean) WOKEN.getAndSet(this, false);
    }

    @Override
    public void blockUntil(long deadline) {
        scheduler.mightSleep("schedule_timeout");
        if (deadline - System.nanoTime() > 0) {
            Timers.Timer timer = scheduler.timers.wakeAt(this, deadline);
            prepareToBlock();
            scheduler.timers.cancel(timer);
        }
    }

    @Override
    public final void wake() {
        WOKEN.setVolatile(this, true);
        scheduler.wakeUp.tryToWakeUp(this, TaskState.BLOCKED);
    }

    @Override
    public final String toString() {
        return comm;
    }
}
