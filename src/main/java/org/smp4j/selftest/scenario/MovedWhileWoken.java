package org.smp4j.selftest.scenario;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.HoldBack;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/**
 * A task that is about to sleep is preempted, and moves to another CPU because its own takes no tasks any more; there
 * it sleeps. Meanwhile a third CPU wakes it: the wake-up is not lost. What is explored begins when the task has left
 * its old run queue, and is not on the new one.
 */
public final class MovedWhileWoken extends TaskScenario {
    private static final String WAKE_UP = "org.smp4j.sched.WakeUp";
    private static final String MIGRATION = "org.smp4j.sched.Migration";

    /**
     * The task goes on to sleep when it has moved, and tells when it is between the queues. Waker and mover let others
     * run where each must stop for the other.
     */
    public static final Weave FRAME = Weave.in(Task.class, "prepareToBlock")
            .insert(hook(MovedWhileWoken.class, "staysAwake")).before(call(Scheduler.class, "schedule"))
            .andIn("org.smp4j.sched.CoreSchedule", "contextSwitch")
            .insert(hook(MovedWhileWoken.class, "moves")).before(call(MIGRATION, "attachElsewhere"))
            .andIn(MIGRATION, "attachElsewhere")
            .insert(HoldBack.here()).before(call(RawSpinLock.class, "acquire"))
            .insert(HoldBack.here()).before(call(RawSpinLock.class, "release"))
            .andIn(WAKE_UP, "wakeWhereItIs")
            .insert(HoldBack.here()).before(call(Task.class, "setState"));

    /** As {@link #FRAME}; and the waker, which has locked the old queue, looks when the task is on the new one. */
    public static final Weave LATE = FRAME.andIn(MIGRATION, "attachElsewhere")
            .insert(hook(MovedWhileWoken.class, "arrives")).before(call(RawSpinLock.class, "release"))
            .andIn(WAKE_UP, "wakeWhereItIs")
            .insert(hook(MovedWhileWoken.class, "looks")).before(call(WAKE_UP, "isSettledOn"));

    /** The waker looks at the task's CPU, then at its place on the queues. */
    public static final Weave CPU_FIRST = Weave.in(WAKE_UP, "wakeWhereItIs").replace(call(WAKE_UP, "isSettledOn"))
            .by(hook(Substitutes.class, "settledByCpuFirst"));

    private static final VarHandle TOLD = field("told");
    private static final VarHandle PHASE = field("phase");
    private static final int OLD = 1;
    private static final int NEW = 2;
    private static final int GOES_TO_SLEEP = 1;
    private static final int MOVES = 2;
    private static final int ARRIVED = 3;
    private static MovedWhileWoken current; // set by each run before it starts a thread

    private int told; // opaque: what the waker has to say
    private int phase; // opaque: only the order in which the stage is set

    /** Made for each run. */
    public MovedWhileWoken() {
        super(3);
    }

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(MovedWhileWoken.class, name, int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    /** Keeps the task from its sleep until it is on its new CPU. */
    public static void staysAwake() {
        if (Cpu.rawSmpProcessorId() == OLD) {
            PHASE.setOpaque(current, GOES_TO_SLEEP);
            while (Cpu.rawSmpProcessorId() == OLD) {
                Waiter.current().relax(0);
            }
        }
    }

    /** The task is off its old run queue. */
    public static void moves() {
        PHASE.setOpaque(current, MOVES);
        Exploring.stretch(true);
    }

    /** The task is on its new run queue. */
    public static void arrives() {
        PHASE.setOpaque(current, ARRIVED);
    }

    /** Keeps the waker from its look until the task is on the new run queue. */
    public static void looks() {
        current.await(ARRIVED);
    }

    private void await(int wanted) {
        while ((int) PHASE.getOpaque(this) < wanted) {
            Waiter.current().relax(0);
        }
    }

    @Override
    protected void play() {
        current = this;
        Task sleeper = task(CpuMask.of(nrCpus, OLD, NEW), "sleeper", () -> {
            Exploring.stretch(false);
            while ((int) TOLD.getOpaque(this) == 0) {
                Task.current().block();
            }
        });
        task(0, "waker", () -> {
            await(MOVES);
            TOLD.setOpaque(this, 1);
            sleeper.wake();
        });
        task(NEW, "leads away", () -> {
            await(GOES_TO_SLEEP);
            cpus().setCpuActive(OLD, false);
            scheduler().reschedCpu(OLD);
        });
    }
}
