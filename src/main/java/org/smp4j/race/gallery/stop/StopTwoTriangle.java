package org.smp4j.race.gallery.stop;

import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.StopWorks;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/** Three stops of two CPUs each, which form a ring. */
@RaceFacts(slug = "stop-two-triangle", title = "sched/stop_machine: Fix deadlock between multiple stop_two_cpus()",
        hash = "b17718d02f54", certainty = Certainty.VERIFIED, year = 2015, cpus = 3, breaks = "deadlock",
        symptom = "three stoppers wait for each other in a ring", proof = "bound1",
        shows = {"stopper runs", "stopper runs", "stopper runs", "queues for stopper 0"},
        story = """
                Three callers each stop two CPUs; the pairs form a ring. Each caller queued its two works one after
                the other. Each can get its work to the head of one stopper before the second work of another caller
                arrives there. Then each of the three stoppers runs a work that waits for the next stopper. Two
                callers alone cannot cause this. Now a caller holds the locks of both stoppers while it queues both
                works.""")
public final class StopTwoTriangle extends TaskScenario implements Race {
    private static final CpuStopFn NOTHING = CpuStopFn.named("nothing", arg -> 0);

    /** The race. */
    public StopTwoTriangle() {
        super(3);
    }

    @Override
    public Weave bug() {
        return StopWorks.queuesOneAfterTheOther();
    }

    @Override
    protected void play() {
        for (int cpu = 0; cpu < nrCpus; cpu++) {
            int first = cpu;
            int second = (cpu + 1) % nrCpus;
            task(cpu, "stop-" + first + second, () -> stopMachine().stopTwoCpus(first, second, NOTHING, null));
        }
    }
}
