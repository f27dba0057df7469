package org.smp4j.race.block;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.function.IntSupplier;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Race;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Task;
import org.smp4j.sched.Timers;
import org.smp4j.sched.Workqueue;
import org.smp4j.weave.Weave;

/**
 * A task that may use a share of the CPU's time, and takes a CPU down. It has started the timer that gives it its next
 * share on that CPU, and has used up its share when the CPU is dead.
 */
public abstract class LimitedTask extends MachineScenario implements Race {
    private static final long SHARE = 5 * Timers.JIFFY;
    private static final String CPU_HOTPLUG = "org.smp4j.hotplug.CpuHotplug";

    // Written by: the scenario, before the task runs. Read by: the callbacks. Ordering: the task's start.
    private static LimitedTask current;

    private final Completion share = new Completion();
    private Timers timers;
    // Written by: the task itself, first of all. Read by: it, and workers that take the CPU down for it. Ordering: the
    // work that it queues for them.
    private Task task;

    /** Two CPUs. */
    protected LimitedTask() {
        super(2);
    }

    /** {@return the edit by which the task itself takes the CPU down, instead of a worker} */
    protected static Weave itself() {
        return Weave.in(CPU_HOTPLUG, "cpuDownMapsLocked").replace(call(Workqueue.class, "workOnCpu"))
                .by(hook(LimitedTask.class, "directly"));
    }

    /** {@return the edit by which timers are moved after the CPU's death, instead of in the stop in which it dies} */
    protected static Weave late() {
        return Weave.in("org.smp4j.hotplug.CoreStates", "hrtimersCpuDying").drop(call(Timers.class, "migrate"))
                .andIn(LimitedTask.class, "dead").insert(hook(LimitedTask.class, "moves")).atEntry();
    }

    /** Makes the take-down without a worker. */
    public static int directly(Workqueue workqueue, int cpu, IntSupplier function) {
        return function.getAsInt();
    }

    /** Moves the timers of a dead CPU. */
    public static void moves(int cpu) {
        current.timers.migrate(cpu, Cpu.current().id);
    }

    /** A state that goes after the one in which the task is throttled; mirrors {@code hrtimers_dead_cpu}. */
    private static void dead(int cpu) {
        Exploring.note(() -> "comes to the step that follows the death of CPU " + cpu);
    }

    private int throttle(int cpu) {
        if (Task.current() == task) {
            Exploring.note(() -> "is throttled after the death of CPU " + cpu + ", and waits for its timer");
            share.waitForCompletion();
        }
        return 0;
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        current = this;
        timers = machine.scheduler().timers();
        task(CpuMask.of(2, 0, 1), "limited", () -> {
            task = Task.current();
            machine.hotplug().setup().setupStateNocalls(CpuhpState.BP_PREPARE_DYN, "dead", null,
                    CpuhpCallback.named("hrtimers_dead", cpu -> {
                        dead(cpu);
                        return 0;
                    }));
            machine.hotplug().setup().setupStateNocalls(CpuhpState.BP_PREPARE_DYN, "throttled", null,
                    CpuhpCallback.named("throttle", this::throttle));
            machine.scheduler().setCpusAllowedPtr(task, CpuMask.of(2, 1));
            Exploring.stretch(true);
            Exploring.note("starts the timer of its next share on CPU 1");
            timers.start(System.nanoTime() + SHARE, share::complete);
            machine.scheduler().setCpusAllowedPtr(task, CpuMask.of(2, 0));
            Exploring.note("has moved to CPU 0, and takes CPU 1 down");
            machine.hotplug().removeCpu(1);
            Exploring.stretch(false);
        });
    }
}
