package org.smp4j.race.gallery.hotplug;

import org.smp4j.race.Certainty;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.LimitedTask;
import org.smp4j.weave.Weave;

/** The task that takes a CPU down waits for a timer of that CPU. */
@RaceFacts(slug = "controller-waits-for-timer-of-dead-cpu",
        title = "hrtimers: Push pending hrtimers away from outgoing CPU earlier", hash = "5c0930ccaad5",
        certainty = Certainty.VERIFIED, year = 2023, cpus = 2, breaks = {"deadlock", "livelock"}, proof = "bound1",
        symptom = "hotplug waits forever for a timer that never fires",
        shows = {"starts the timer of its next share on CPU 1", "takes CPU 1 down",
            "is throttled after the death of CPU 1"},
        story = """
                A task that is limited to a share of the CPU's time depends on a timer, which lets it go on when its
                next share begins. The task has started that timer on one CPU, moves to another, and takes the first
                one down. The timers of a dead CPU were moved late, by a step of the control CPU after the death. If
                the task uses up its share between the death and that step, it waits for a timer that no CPU has, and
                the step that would move the timer waits for the task. Now the CPU's timers are moved while the
                machine is stopped, before it dies. In both variants the task takes the CPU down itself, as the kernel
                did then.""")
public final class ControllerWaitsForTimer extends LimitedTask {
    /** The race. */
    public ControllerWaitsForTimer() {
    }

    @Override
    public Weave parts() {
        return itself();
    }

    @Override
    public Weave bug() {
        return late();
    }
}
