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
import org.smp4j.lib.Waiter;

/** A thread of execution that the scheduler puts on CPUs; mirrors {@code struct task_struct} of {@code include/linux/sched.h}. */
public class Task extends Sitter {
    /** How a task competes; mirrors the scheduling classes of {@code kernel/sched}. */
    public enum Policy {
        /** Above everything; borrows the thread of whoever sits on the CPU ({@code stop_sched_class}). */
        STOP,
        /** First in, first out, above the normal ones ({@code SCHED_FIFO}). */
        FIFO,
        /** Round robin at reschedule points ({@code SCHED_NORMAL}). */
        NORMAL,
        /** A CPU's own, when nobody else wants it ({@code idle_sched_class}). */
        IDLE
    }

    /** Where a task stands with a run queue; mirrors {@code task_struct.on_rq}. */
    enum OnRq {
        /** It does not want a CPU. */
        NO,
        /** It waits in the queue. */
        QUEUED,
        /** It was taken from the queue to run. */
        CURRENT,
        /** It is between two queues. */
        MIGRATING
    }

    /** The link to the task from a call queue. */
    static final class WakeEntry extends TtwuNode {
        final Task task;

        WakeEntry(Task task) {
            this.task = task;
        }
    }

    private static final VarHandle WOKEN = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "woken", VarHandle.class, Task.class, boolean.class);
    private static final VarHandle CPUS_MASK =
            ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "cpusMask", VarHandle.class, Task.class, CpuMask.class);

    final Scheduler scheduler;
    final Policy policy;
    final WakeEntry wakeEntry = new WakeEntry(this);
    final RawSpinLock piLock = new RawSpinLock();
    private final String comm;
    private final Runnable body;
    private final Completion exited = new Completion();

    // Written by: the task itself, and wakers under piLock.
    // Read by: the same, its CPU's scheduler, reports.
    // Ordering: volatile: the task sets it, then tests its condition; a waker changes the condition, then reads it.
    private volatile TaskState state = TaskState.NEW;

    // Written by: any waker; cleared by the task when a wait ends.
    // Read by: the task.
    // Ordering: volatile, and an exchange to take it: the waker sets it, then reads the state; the task the other way round. It publishes what the waker did.
    private boolean woken;

    // Written by: whoever places the task, under piLock or the lock of its run queue.
    // Read by: wakers, who lock that run queue and look again.
    // Ordering: volatile.
    volatile int cpu;

    // Guarded by the lock of the run queue of "cpu", but MIGRATING -> QUEUED by who moves it under the lock of the new one.
    // Written by: schedulers and wakers.
    // Read by: the same.
    // Ordering: volatile, for the wait on MIGRATING.
    volatile OnRq onRq = OnRq.NO;

    // Written by: the scheduler of the CPU on which it starts or stops to sit, under that run queue's lock.
    // Read by: wakers under the same lock; who waits until it is parked.
    // Ordering: the lock; volatile for who waits.
    volatile boolean onCpu;

    // Written by: who changes the affinity, under piLock; who breaks it, because none of its CPUs is active. Replaced, never changed.
    // Read by: schedulers.
    // Ordering: volatile; broken by compare-and-set.
    volatile CpuMask cpusMask;

    // Guarded by the run queue's lock: the queue's link.
    Task nextQueued;

    // Written by: the task itself.
    // Read by: its CPU's scheduler; who wakes it or changes its affinity.
    // Ordering: volatile.
    volatile int migrateDisabled;

    /** The stopper that borrows the task's thread, or null; that thread only. */
    Task stopper;

    /** How often the task holds {@code cpu_hotplug_lock} for reading; the task itself only. */
    int cpusReadHeld;

    /** Whether the task gives way to its equals, also if it is a first-in-first-out one; the task itself only. */
    boolean yields;

    private Throwable failure; // of the body; published by "exited" and by the end of the thread

    /**
     * A task that has yet to be woken for the first time.
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
     * @return the task; within a stopper's callback the stopper
     * @throws IllegalStateException if the caller sits on no CPU, or plays one without a scheduler
     */
    public static Task current() {
        if (Cpu.current().sitter() instanceof Task self) {
            return self.stopper == null ? self : self.stopper; // asks no run queue: the caller may be on another CPU by the time that it looks there
        }
        throw new IllegalStateException(Thread.currentThread().getName() + " plays " + Cpu.current() + " and is no task");
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

    /** {@return whether it neither runs nor wants to; mirrors the condition of {@code wait_task_inactive}} */
    final boolean isInactive() {
        return onRq == OnRq.NO && !onCpu;
    }

    /** {@return what it is up to, as of a moment ago} */
    public final TaskState state() {
        return state;
    }

    final void setState(TaskState next) {
        state = next;
    }

    /**
     * Sets a state from which an ordinary wake-up must not bring the task back; mirrors {@code set_special_state}. Under the lock, so that a waker that has
     * seen the task blocked is done with it before: else it would queue a task that has ended.
     */
    final void setSpecialState(TaskState next) {
        int flags = piLock.lock(this);
        state = next;
        piLock.unlock(this, flags);
    }

    /** {@return the CPU on which it runs or ran last, as of a moment ago; mirrors {@code task_cpu}} */
    public final int cpu() {
        return cpu;
    }

    /** {@return where it may run; mirrors {@code task_struct.cpus_ptr}; not to be changed} */
    public final CpuMask affinity() {
        return cpusMask;
    }

    /** Replaces an affinity that has no active CPU; false if somebody has changed it meanwhile. */
    final boolean breakAffinity(CpuMask old, CpuMask mask) {
        return CPUS_MASK.compareAndSet(this, old, mask);
    }

    /** {@return whether it is a kernel thread, which may be bound to a CPU that is online but not active} */
    boolean isKthread() {
        return false;
    }

    /** {@return whether it is a kernel thread bound to one CPU; mirrors {@code is_per_cpu_kthread}} */
    final boolean isPerCpuKthread() {
        return isKthread() && cpusMask.weight() == 1;
    }

    /** Keeps the current task on its CPU until {@link #migrateEnable}, preemptible all the same; nests; mirrors {@code migrate_disable}. Context: task. */
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
        return cpusMask.testCpu(candidate) && (isPerCpuKthread() ? cpus.online : cpus.active).testCpu(candidate);
    }

    @Override
    protected final boolean staysOnCpu() {
        return migrateDisabled > 0 || policy == Policy.IDLE || policy == Policy.STOP || cpusMask.weight() == 1;
    }

    /** Starts its thread, which waits for its first seat. A host without a thread left ends the machine: the CPU is about to be this task's. */
    final void startThread() {
        try {
            attachAndStart(scheduler.threads.newThread(comm, this, this::run));
        } catch (Throwable e) {
            cpus.lifetime.panic("no thread for " + comm + ": " + e.getClass().getName());
            cpus.lifetime.check();
            throw e;
        }
    }

    /** {@return whether its thread is one that was there before it} */
    final boolean isAdopted() {
        return body == null && policy == Policy.NORMAL && !isKthread();
    }

    /** Makes the calling thread this task's own, in place of one to be started; it comes back seated. */
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
            // The machine has ended, or the task's CPU is down: and the thread with it.
        } finally {
            scheduler.threads.ended(Thread.currentThread());
        }
    }

    /** What its thread runs once it sits. */
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

    /** Ends the task that runs; mirrors {@code do_exit}. The caller's thread goes on without a seat. */
    final void doExit() {
        leaveAtomic();
        exited.completeAll();
        scheduler.exit(this);
    }

    /** Switches preemption and IRQs on again for whoever comes next; mirrors what {@code make_task_dead} of {@code kernel/exit.c} does about them. */
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

    /** {@return what its body threw, or null; meaningful once it has ended} */
    public final Throwable failure() {
        return failure;
    }

    /** Not for a task: it ends when its body returns. */
    @Override
    public void close() {
        throw new IllegalStateException("close: " + comm + " is a task, which ends when its body returns");
    }

    /** For a task without a thread of its own: the thread that plays it leaves its CPU. */
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

    /** Runs when the task is back from where it may have slept; mirrors {@code wq_worker_running}. */
    void isBack() {
    }

    private void prepareToBlock() {
        scheduler.mightSleep("schedule"); // before the state is touched: a stopper's is the task's whose thread it borrows
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
