package org.smp4j.race.gallery.hotplug;

import org.smp4j.race.Certainty;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.LimitedTask;
import org.smp4j.weave.Weave;

/** A task that may be throttled takes a CPU down itself, instead of a worker that may not. */
@RaceFacts(slug = "cpu-down-by-limited-task", title = "cpu/hotplug: Prevent self deadlock on CPU hot-unplug",
        hash = "2b8272ff4a70", certainty = Certainty.VERIFIED, year = 2023, cpus = 2,
        breaks = {"deadlock", "livelock"}, proof = "bound1",
        symptom = "hotplug waits forever for a timer that never fires",
        shows = {"starts the timer of its next share on CPU 1", "takes CPU 1 down",
            "is throttled after the death of CPU 1"},
        story = """
                A task that is limited to a share of the CPU's time, and has started the timer of its next share on
                one CPU, moves to another and takes the first one down. The timers of the dead CPU are moved by a step
                after its death. A task that is throttled before that step waits for its timer, and so keeps the step
                from being made that would move the timer. The first fix had a worker make all the steps, which has no
                such limit: the task may be throttled, and the timer is moved all the same. Later the timers were moved
                earlier. In both variants they are moved late, as the kernel did then.""")
public final class CpuDownByLimitedTask extends LimitedTask {
    /** The race. */
    public CpuDownByLimitedTask() {
    }

    @Override
    public Weave parts() {
        return late();
    }

    @Override
    public Weave bug() {
        return itself();
    }
}
