package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A CPU runs tasks before its stopper accepts works. */
@RaceFacts(slug = "online-but-stopper-not-enabled",
        title = "cpu/hotplug, stop_machine: Fix stop_machine vs hotplug order", hash = "45178ac0cea8",
        certainty = Certainty.VERIFIED, year = 2019, cpus = 3, breaks = "stop request not run",
        symptom = "a task stays on a CPU where it may not run, without a warning", proof = "bound1",
        shows = {"has not run", "ready = true"},
        story = """
                A CPU that came up told the control CPU that it is ready, and began to run tasks. Only then the control
                CPU enabled its stopper. A request to that stopper in between, for example to push a task off the CPU
                after its affinity changed, was counted as complete without having run, and no one looks at the
                result. Now the CPU enables its own stopper before it says that it is ready.""")
public final class OnlineButStopperNotEnabled extends TaskScenario implements Race {
    // Written by: the CPU that comes up. Read by: the others. Ordering: volatile.
    private volatile boolean ready;
    // Written by: the stopper. Read by: the task that asked. Ordering: volatile.
    private volatile boolean pushed;

    /** The race. */
    public OnlineButStopperNotEnabled() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(OnlineButStopperNotEnabled.class, "onlineIdle")
                .drop(call(StopMachine.class, "stopMachineUnpark"))
                .andIn(OnlineButStopperNotEnabled.class, "afterApIsReady")
                .insert(hook(OnlineButStopperNotEnabled.class, "enable")).atEntry();
    }

    @Override
    protected void play() {
        stopMachine().stopMachinePark(1); // it comes up
        task(0, "cpu_up", () -> {
            awaitReady();
            afterApIsReady();
        });
        task(1, "idle", this::onlineIdle);
        task(2, "affinity", () -> {
            awaitReady();
            stopMachine().stopOneCpu(1, CpuStopFn.named("migration_cpu_stop", arg -> {
                pushed = true;
                return 0;
            }), null);
            if (!pushed) {
                Exploring.broken("stop request not run", "stop_one_cpu has returned, its function has not run",
                        List.of());
            }
        });
    }

    private void awaitReady() {
        while (!ready) {
            Waiter.current().relax(0);
        }
    }

    private void onlineIdle() {
        stopMachine().stopMachineUnpark(1);
        ready = true;
    }

    private void afterApIsReady() {
        // unparks the hotplug thread
    }

    /**
     * The old behaviour: the control CPU enables the stopper.
     *
     * @param race the race
     */
    public static void enable(OnlineButStopperNotEnabled race) {
        race.stopMachine().stopMachineUnpark(1);
    }
}
