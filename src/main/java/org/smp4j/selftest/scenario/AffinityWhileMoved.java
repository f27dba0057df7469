package org.smp4j.selftest.scenario;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/**
 * A task leaves a CPU on which it may not run any more. While it is between the two run queues, another task sets its
 * affinity again: it is taken from no queue but that on which it stands. What is explored begins when it has left its
 * old run queue.
 */
public final class AffinityWhileMoved extends MachineScenario {
    private static final String MIGRATION = "org.smp4j.sched.Migration";

    /** Tells when the task is between the queues, and looks where it is when it is taken from one. */
    public static final Weave FRAME = Weave.in("org.smp4j.sched.CoreSchedule", "contextSwitch")
            .insert(hook(AffinityWhileMoved.class, "moves")).before(call(MIGRATION, "attachElsewhere"))
            .andIn(MIGRATION, "moveIfQueued")
            .insert(hook(AffinityWhileMoved.class, "removed")).before(call("org.smp4j.sched.RunQueue", "remove"));

    /** The task's CPU is looked at before its place on the queues. */
    public static final Weave CPU_FIRST = Weave.in(MIGRATION, "moveIfQueued")
            .replace(call("org.smp4j.sched.WakeUp", "isSettledOn")).by(hook(Substitutes.class, "settledByCpuFirst"));

    private static final int OLD = 1;
    private static final int NEW = 2;
    private static AffinityWhileMoved current; // set by each run before it starts a thread

    private Task task; // the one that moves; set before the others are started

    // Written by: the task that moves, when it runs. Read by: the first that sets its affinity. Ordering: volatile.
    private volatile boolean runs;

    // Written by: the task that moves, between the queues. Read by: the second. Ordering: volatile.
    private volatile boolean moves;

    /** Made for each run. */
    public AffinityWhileMoved() {
        super(3);
    }

    /** The task is off its old run queue. */
    public static void moves() {
        current.moves = true;
        Exploring.stretch(true);
    }

    /** The task is taken from the queue of the old CPU. */
    public static void removed() {
        int cpu = current.task.cpu();
        if (cpu != OLD) {
            throw new AssertionError("taken from the queue of CPU " + OLD + ", and is on that of CPU " + cpu);
        }
    }

    @Override
    protected void run(Machine machine) {
        current = this;
        Exploring.stretch(false);
        task = task(OLD, "moved", () -> {
            runs = true;
            while (Cpu.rawSmpProcessorId() == OLD) {
                Waiter.current().relax(0);
            }
        });
        task(0, "first", () -> {
            while (!runs) {
                Waiter.current().relax(0);
            }
            machine.scheduler().setCpusAllowedPtr(task, CpuMask.of(3, NEW));
        });
        task(NEW, "second", () -> {
            while (!moves) {
                Waiter.current().relax(0);
            }
            machine.scheduler().setCpusAllowedPtr(task, CpuMask.of(3, NEW));
            Exploring.stretch(false);
        });
    }
}
