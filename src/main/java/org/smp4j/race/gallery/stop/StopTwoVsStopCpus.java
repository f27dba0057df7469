package org.smp4j.race.gallery.stop;

import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.StopWorks;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/** A stop of two CPUs and a stop of all CPUs queue in opposite order. */
@RaceFacts(slug = "stop-two-vs-stop-cpus", title = "stop_machine: Fix race between stop_two_cpus() and stop_cpus()",
        hash = "7053ea1a34fa", certainty = Certainty.MEMORY, year = 2013, cpus = 2, breaks = "deadlock",
        symptom = "two stoppers wait for each other forever", proof = "bound2",
        shows = {"stopper runs", "stopper runs", "queues for stopper 0", "queues for stopper 0",
            "queues for stopper 1", "queues for stopper 1"},
        story = """
                A stop of two CPUs puts a work on each of their stoppers, a stop of all CPUs puts one on every
                stopper, and each work waits for the other works of its stop. When the two callers queue at the same
                time, one stopper can get the works in one order and another stopper in the opposite order. Each
                stopper then runs the first work of its list, and both wait for a work that is second in the other's
                list. Now queueing on several stoppers is atomic with respect to other callers that do so.""")
public final class StopTwoVsStopCpus extends TaskScenario implements Race {
    private static final CpuStopFn NOTHING = CpuStopFn.named("nothing", arg -> 0);

    /** The race. */
    public StopTwoVsStopCpus() {
        super(2);
    }

    @Override
    public Weave bug() {
        return StopWorks.queuesOneAfterTheOther();
    }

    @Override
    protected void play() {
        task(0, "two", () -> stopMachine().stopTwoCpus(0, 1, NOTHING, null));
        task(1, "all", () -> stopMachine().stopMachine(NOTHING, null, null));
    }
}
