package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;

import org.smp4j.Machine;
import org.smp4j.explore.Exploring;
import org.smp4j.hotplug.CpuhpCallback;
import org.smp4j.hotplug.CpuhpState;
import org.smp4j.lib.Completion;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Timers;
import org.smp4j.weave.Weave;

/** The task that takes a CPU down waits for a timer of that CPU. */
@RaceFacts(slug = "controller-waits-for-timer-of-dead-cpu",
        title = "hrtimers: Push pending hrtimers away from outgoing CPU earlier", hash = "5c0930ccaad5",
        certainty = Certainty.VERIFIED, year = 2023, cpus = 2, breaks = {"deadlock", "livelock"}, proof = "bound1",
        symptom = "hotplug waits forever for a timer that never fires", shows = {"cpu_down", "waits"},
        story = """
                A task that is limited to a share of the CPU's time depends on a timer, which lets it go on when its
                next share begins. The task has started that timer on one CPU, moves to another, and takes the first
                one down. The timers of a dead CPU were moved late, by a step of the control CPU after the death. If
                the task uses up its share between the death and that step, it waits for a timer that no CPU has, and
                the step that would move the timer waits for the task. Now the CPU's timers are moved while the
                machine is stopped, before it dies.""")
public final class ControllerWaitsForTimer extends MachineScenario implements Race {
    private static final long SHARE = 5 * Timers.JIFFY;

    /** The race. */
    public ControllerWaitsForTimer() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in("org.smp4j.hotplug.CoreStates", "hrtimersCpuDying").drop(call(Timers.class, "migrate"));
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        Completion started = new Completion();
        Completion share = new Completion();
        task(1, "bandwidth", () -> {
            machine.scheduler().timers().start(System.nanoTime() + SHARE, share::complete);
            started.complete();
        });
        task(0, "cpu_down", () -> {
            started.waitForCompletion();
            // after the death: the task has used up its share
            machine.hotplug().setup().setupStateNocalls(CpuhpState.BP_PREPARE_DYN, "throttled", null,
                    CpuhpCallback.named("throttle", cpu -> {
                        share.waitForCompletion();
                        return 0;
                    }));
            Exploring.stretch(true);
            machine.hotplug().removeCpu(1);
            Exploring.stretch(false);
        });
    }
}
