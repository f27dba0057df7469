package org.smp4j.sched;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.lib.LineGap;
import org.smp4j.lib.RawSpinLock;

/** The tasks that want one CPU; mirrors {@code struct rq} of {@code kernel/sched/sched.h}. */
final class RunQueue extends LineGap {
    private static final VarHandle QUEUED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "queued", VarHandle.class, RunQueue.class, int.class);
    private static final VarHandle MEMBARRIER_STATE = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "membarrierState", VarHandle.class, RunQueue.class, int.class);
    private static final VarHandle SWITCHES = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "switches", VarHandle.class, RunQueue.class, long.class);

    final int cpu;
    final RawSpinLock lock = new RawSpinLock();
    private final TaskFifo realTime = new TaskFifo(); // guarded by lock
    private final TaskFifo normal = new TaskFifo(); // guarded by lock

    /** The CPU's idle task; set when the machine is made. */
    Task idle;
    /** The task that represents the CPU's stopper; set when the machine is made. */
    Task stop;

    // Written by: the CPU's own scheduler, under lock.
    // Read by: wakers under lock; the CPU itself without; tasks that make a barrier; reports.
    // Ordering: the lock orders it for wakers, the fences of Membarrier for barriers: explorations need opaque.
    // Volatile for reports, and for the short cut that looks for an idle CPU.
    volatile Task curr;

    // Written by: the CPU that has queued a stop work, after it released the stopper's lock (true); the stopper that
    // finds no work left, under that lock (false).
    // Read by: the CPU's scheduler.
    // Ordering: volatile; a stopper that has missed a work has released the lock before that work is queued: true comes
    // last, then the request to reschedule, which hands it on: explorations need opaque. Volatile, so that a switch
    // that comes by itself sees it, too.
    volatile boolean stopRunnable;

    /** The tick found other tasks waiting; only the CPU itself uses it, with IRQs off. */
    boolean sliceOver;

    // Guarded by lock for writing.
    // Written by: wakers and the scheduler.
    // Read by: the idle loop, as a short cut; threads that look for an idle CPU.
    // Ordering: opaque; a waker requests a reschedule after it, and the idle loop clears the request before it reads.
    private int queued;

    // Written by: tasks that run on the CPU, with preemption off; a task that may not leave undoes it on the same CPU.
    // Read by: the CPU's own hotplug thread, which takes it down; reports.
    // Ordering: one CPU; volatile for reports.
    volatile int pinned;

    // Written by: the CPU itself, each time its scheduler runs.
    // Read by: tasks that wait for a grace period.
    // Ordering: release, then a full fence: the reader sees sections before it, and sections after it see what the
    // waiter changed before.
    private long switches;

    // Written by: the CPU itself, when it begins to run a task with an address space, or is called to.
    // Read by: the same; tasks that make a barrier. Ordering: opaque, between the fences of Membarrier.
    private int membarrierState;

    RunQueue(int cpu) {
        this.cpu = cpu;
    }

    void enqueue(Task task) {
        (task.policy == Task.Policy.FIFO ? realTime : normal).addLast(task);
        QUEUED.setOpaque(this, queued + 1);
    }

    /** Puts back the task that was just preempted: in the FIFO class it runs before the others. */
    void enqueuePreempted(Task task) {
        if (task.policy == Task.Policy.FIFO) {
            realTime.addFirst(task);
        } else {
            normal.addLast(task);
        }
        QUEUED.setOpaque(this, queued + 1);
    }

    Task poll() {
        Task task = realTime.poll();
        if (task == null) {
            task = normal.poll();
        }
        if (task != null) {
            QUEUED.setOpaque(this, queued - 1);
        }
        return task;
    }

    void remove(Task task) {
        if ((task.policy == Task.Policy.FIFO ? realTime : normal).remove(task)) {
            QUEUED.setOpaque(this, queued - 1);
        }
    }

    /** {@return how many tasks wait here, without the running one} */
    int queued() {
        return (int) QUEUED.getOpaque(this);
    }

    /** {@return whether no waiting task should run before the running one} */
    boolean letsGoOn(Task task, boolean rotate) {
        return realTime.isEmpty() && normal.isEmpty()
                || !rotate && (task.policy == Task.Policy.FIFO || realTime.isEmpty());
    }

    boolean preempts(Task task) {
        return task.policy.compareTo(curr.policy) < 0;
    }

    void noteSwitch() {
        SWITCHES.setRelease(this, switches + 1);
        VarHandle.fullFence(); // pairs with the first fence of a waiter for a grace period; see Rcu
    }

    int membarrierState() {
        return (int) MEMBARRIER_STATE.getOpaque(this);
    }

    void setMembarrierState(int state) {
        MEMBARRIER_STATE.setOpaque(this, state);
    }

    long switches() {
        return (long) SWITCHES.getVolatile(this);
    }
}
