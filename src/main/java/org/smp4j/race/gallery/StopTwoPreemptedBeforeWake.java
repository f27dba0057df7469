package org.smp4j.race.gallery;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.cpu.Preempt;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.race.Certainty;
import org.smp4j.race.Fixed;
import org.smp4j.race.Race;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** Who stops two CPUs can be preempted between queueing and waking. */
@Fixed(slug = "stop-two-preempted-before-wake", title = "stop_machine: Disable preemption after queueing stopper threads", hash = "2610e8894663",
        certainty = Certainty.MEMORY, year = 2018, cpus = 3, breaks = "deadlock",
        symptom = "a stopper waits for one that nobody wakes, though each caller alone is right", proof = "bound2",
        story = """
                Preemption was off while the two stoppers were woken, but only from after their locks were let go. In that gap the caller's own CPU may be asked
                to stop by somebody else, who queued before: the stopper takes the CPU, does what that one wanted, finds the caller's work behind it and begins
                to wait for the other stopper, which the caller, who is below it, has yet to wake. Now preemption is off before the locks are let go.""")
public final class StopTwoPreemptedBeforeWake extends TaskScenario implements Race {
    private static final CpuStopFn NOTHING = CpuStopFn.named("nothing", arg -> 0);

    /** The race. */
    public StopTwoPreemptedBeforeWake() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueTwoWorks").insert(hook(StopTwoPreemptedBeforeWake.class, "gap")).after(call(RawSpinLock.class, "unlock"));
    }

    @Override
    protected void play() {
        task(2, "two-12", () -> stopMachine().stopTwoCpus(1, 2, NOTHING, null));
        task(1, "two-01", () -> stopMachine().stopTwoCpus(0, 1, NOTHING, null));
    }

    /** As it was: preemptible for a moment. */
    public static void gap() {
        Preempt.enable();
        Preempt.disable();
    }
}
