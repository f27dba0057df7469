package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;

import org.smp4j.lib.RawSpinLock;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.Gap;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A caller that stops two CPUs can be preempted between queueing and waking. */
@RaceFacts(slug = "stop-two-preempted-before-wake",
        title = "stop_machine: Disable preemption after queueing stopper threads", hash = "2610e8894663",
        certainty = Certainty.MEMORY, year = 2018, cpus = 3, breaks = "deadlock",
        symptom = "a stopper waits for another that is never woken", proof = "bound2",
        shows = {"which has not been woken", "queues for stopper", "stopper 1 begins"},
        story = """
                Preemption was off while the two stoppers were woken, but only from after their locks were released.
                In that gap the stopper of the caller's own CPU can start to run for another caller that queued
                earlier. It finishes that work, finds this caller's work behind it, and waits for the second stopper.
                Only the caller can wake the second stopper, and the caller cannot run, because the first stopper has
                its CPU. Now preemption is disabled before the locks are released.""")
public final class StopTwoPreemptedBeforeWake extends TaskScenario implements Race {
    private static final CpuStopFn NOTHING = CpuStopFn.named("nothing", arg -> 0);

    /** The race. */
    public StopTwoPreemptedBeforeWake() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueTwoWorks").insert(Gap.inPreemption())
                .after(call(RawSpinLock.class, "unlock"));
    }

    @Override
    protected void play() {
        task(2, "two-12", () -> stopMachine().stopTwoCpus(1, 2, NOTHING, null));
        task(1, "two-01", () -> stopMachine().stopTwoCpus(0, 1, NOTHING, null));
    }
}
