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
    private static final VarHandle SWITCHES = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "switches", VarHandle.class, RunQueue.class, long.class);

    /** A first-in-first-out list of tasks of one class. */
    private static final class Fifo {
        Task first;
        Task last;

        void addLast(Task task) {
            task.nextQueued = null;
            if (last == null) {
                first = task;
            } else {
                last.nextQueued = task;
            }
            last = task;
        }

        void addFirst(Task task) {
            task.nextQueued = first;
            first = task;
            if (last == null) {
                last = task;
            }
        }

        Task poll() {
            Task task = first;
            if (task != null) {
                first = task.nextQueued;
                task.nextQueued = null;
                if (first == null) {
                    last = null;
                }
            }
            return task;
        }

        boolean remove(Task task) {
            Task before = null;
            for (Task each = first; each != null; before = each, each = each.nextQueued) {
                if (each == task) {
                    if (before == null) {
                        first = task.nextQueued;
                    } else {
                        before.nextQueued = task.nextQueued;
                    }
                    if (last == task) {
                        last = before;
                    }
                    task.nextQueued = null;
                    return true;
                }
            }
            return false;
        }
    }

    final int cpu;
    final RawSpinLock lock = new RawSpinLock();
    private final Fifo realTime = new Fifo(); // guarded by lock
    private final Fifo normal = new Fifo(); // guarded by lock

    /** The CPU's idle task; set when the machine is made. */
    Task idle;
    /** The task that stands for the CPU's stopper; set when the machine is made. */
    Task stop;

    // Written by: the CPU's own scheduler, under lock.
    // Read by: wakers under lock; the CPU itself without; reports.
    // Ordering: volatile.
    volatile Task curr;

    // Written by: the CPU that has queued a stop work, after it let the stopper's lock go (true); the stopper that
    // finds none left, under that lock (false).
    // Read by: the CPU's scheduler.
    // Ordering: volatile; a stopper that has missed a work is done with the lock before that work is queued: true comes
    // last, then the reschedule.
    volatile boolean stopRunnable;

    /** The tick found others waiting; the CPU itself only, with IRQs off. */
    boolean sliceOver;

    // Guarded by lock for writing.
    // Written by: wakers and the scheduler.
    // Read by: the idle loop, for its short cut, and who looks for an idle CPU.
    // Ordering: opaque; a waker asks for a reschedule after it, which the idle loop takes before it reads.
    private int queued;

    // Written by: tasks that run on the CPU, with preemption off: one that may not leave it does so on the same CPU
    // again.
    // Read by: who takes the CPU down.
    // Ordering: volatile.
    volatile int pinned;

    // Written by: the CPU itself, each time its scheduler runs.
    // Read by: who waits for a grace period.
    // Ordering: release, then a full fence: sections before it are visible to the reader, those after it see what the
    // waiter changed before.
    private long switches;

    RunQueue(int cpu) {
        this.cpu = cpu;
    }

    void enqueue(Task task) {
        (task.policy == Task.Policy.FIFO ? realTime : normal).addLast(task);
        QUEUED.setOpaque(this, queued + 1);
    }

    /** Puts the task back that was just preempted: it goes on before others of a first-in-first-out class. */
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

    /** {@return how many tasks wait here, the one that runs left out} */
    int queued() {
        return (int) QUEUED.getOpaque(this);
    }

    /** {@return whether nobody waits who should run before the task that runs} */
    boolean letsGoOn(Task task, boolean rotate) {
        return realTime.first == null && normal.first == null
                || !rotate && (task.policy == Task.Policy.FIFO || realTime.first == null);
    }

    boolean preempts(Task task) {
        return task.policy.compareTo(curr.policy) < 0;
    }

    void noteSwitch() {
        SWITCHES.setRelease(this, switches + 1);
        VarHandle.fullFence(); // pairs with the fence of a waiter for a grace period
    }

    long switches() {
        return (long) SWITCHES.getVolatile(this);
    }
}
