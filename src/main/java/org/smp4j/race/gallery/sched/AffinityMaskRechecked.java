package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A mask is found not empty, and a moment later a CPU is picked from it. */
@RaceFacts(slug = "affinity-mask-rechecked",
        title = "sched/core: Fix migration to invalid CPU in __set_cpus_allowed_ptr()", hash = "714e501e16cd",
        certainty = Certainty.VERIFIED, year = 2019, cpus = 2, breaks = "invalid CPU",
        symptom = "a number that is no CPU is used as an index", shows = {"CpuMask", "CPU 1 becomes inactive"},
        story = """
                To change where a task may run, the kernel tested that some CPU of the new mask is active, and then
                picked one of them. In between the only one can become inactive, because it goes down: then the pick
                gives the number behind the last CPU, which was used as the index of a run queue. Now the kernel picks
                once, and tests what it picked.""")
public final class AffinityMaskRechecked extends CallScenario implements Race {
    private final int[] runQueues = new int[2];

    /** The race. */
    public AffinityMaskRechecked() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(AffinityMaskRechecked.class, "play").lambdas()
                .replace(call(AffinityMaskRechecked.class, "setCpusAllowed"))
                .by(hook(AffinityMaskRechecked.class, "testThenPick"));
    }

    @Override
    protected void play() {
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            cpus().setCpuActive(cpu, true);
        }
        CpuMask mask = CpuMask.of(nrCpus, 1);
        on(0, () -> setCpusAllowed(mask));
        on(1, () -> { // goes down
            Exploring.note("CPU 1 becomes inactive");
            cpus().setCpuActive(1, false);
        });
    }

    private int setCpusAllowed(CpuMask mask) {
        int dest = mask.firstAnd(cpus().active, -1);
        if (dest >= nrCpus) {
            return -Errno.EINVAL;
        }
        moveTo(dest);
        return 0;
    }

    private void moveTo(int dest) {
        if (dest >= runQueues.length) {
            Exploring.broken("invalid CPU", "the run queue of CPU " + dest + " is wanted, which does not exist",
                    List.of());
        }
        runQueues[dest]++;
    }

    /**
     * The old behaviour: the mask is looked at twice.
     *
     * @param race the race
     * @param mask where the task may run
     * @return 0 or an error
     */
    public static int testThenPick(AffinityMaskRechecked race, CpuMask mask) {
        if (!mask.intersects(race.cpus().active)) {
            return -Errno.EINVAL;
        }
        race.moveTo(mask.firstAnd(race.cpus().active, -1));
        return 0;
    }
}
