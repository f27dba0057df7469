package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.OnlineIdle;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Kthread;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A CPU runs tasks before its stopper accepts works. */
@RaceFacts(slug = "online-but-stopper-not-enabled",
        title = "cpu/hotplug, stop_machine: Fix stop_machine vs hotplug order", hash = "45178ac0cea8",
        certainty = Certainty.VERIFIED, year = 2019, cpus = 3, breaks = "stop request not run",
        symptom = "a task stays on a CPU where it may not run, without a warning", proof = "bound1",
        shows = {"has not run", "rq 1.curr = thread/1", "stopper 1.enabled -> false"},
        story = """
                A CPU that came up told the control CPU that it is ready, and began to run tasks. Only then the control
                CPU enabled its stopper. A request to that stopper in between, for example to push a task off the CPU
                after its affinity changed, was counted as complete without having run, and no one looks at the
                result. Now the CPU enables its own stopper before it says that it is ready.""")
public final class OnlineButStopperNotEnabled extends MachineScenario implements Race {
    private static final int COMING = 1;

    private static OnlineButStopperNotEnabled current; // of this run

    private StopMachine stopMachine;
    // Written by: a thread of the CPU that comes up. Read by: the task that sends it away. Ordering: volatile.
    private volatile boolean runs;
    // Written by: the stopper. Read by: the task that asked. Ordering: volatile.
    private volatile boolean pushed;

    /** The race. */
    public OnlineButStopperNotEnabled() {
        super(3);
    }

    @Override
    public Weave parts() {
        return OnlineIdle.explored();
    }

    @Override
    public Weave bug() {
        return Weave.in(OnlineIdle.BRING_UP, "startSecondary").drop(call(StopMachine.class, "stopMachineUnpark"))
                .andIn(OnlineIdle.BRING_UP, "bringupAp").insert(hook(OnlineButStopperNotEnabled.class, "enable"))
                .after(call("org.smp4j.hotplug.CpuhpCpuState", "await"));
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        current = this;
        stopMachine = machine.stopMachine();
        task(0, "cpu_up", () -> {
            machine.hotplug().removeCpu(COMING);
            task(2, "affinity", () -> setAffinity(machine));
            machine.hotplug().addCpu(COMING);
        });
    }

    private void setAffinity(Machine machine) {
        while (!machine.cpus().online.testCpu(COMING)) {
            Waiter.current().relax(0);
        }
        Kthread.createOnCpu(machine.scheduler(), "thread/1", COMING, () -> runs = true).startOnce();
        while (!runs) {
            Waiter.current().relax(0);
        }
        stopMachine.stopOneCpu(COMING, CpuStopFn.named("migration_cpu_stop", arg -> {
            pushed = true;
            return 0;
        }), null);
        if (!pushed) {
            Exploring.broken("stop request not run", "stop_one_cpu has returned, its function has not run", List.of());
        }
    }

    /**
     * The old behaviour: the control CPU enables the stopper.
     *
     * @param bringUp the bring-up
     * @param cpu the CPU that has come up
     */
    public static void enable(Object bringUp, int cpu) {
        current.stopMachine.stopMachineUnpark(cpu);
    }
}
