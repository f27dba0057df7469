package org.smp4j.race.gallery.stop;

import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/** The compiler reads a state once that a loop waits for. */
@RaceFacts(slug = "multi-stop-state-plain-read", title = "stop_machine: Avoid potential race behaviour",
        hash = "b1fc58333575", certainty = Certainty.VERIFIED, year = 2019, model = MemoryModel.COMPILER, cpus = 2,
        breaks = {"deadlock", "livelock"}, symptom = "all CPUs stay in stop_machine forever", proof = "bound2",
        shows = {"MultiStop"},
        story = """
                The CPUs in stop_machine wait in a loop for the state that the last of them sets. The state was a plain
                field. The steps themselves are serialized by the count of answers, so no interleaving goes wrong. But
                a compiler may read a plain field once, before the loop, and then the loop never ends; C2 does so too.
                Now each turn reads it once, by an access that the compiler must keep. In the buggy variant the loop
                keeps the value from before the first state was set.""")
public final class MultiStopStatePlainRead extends TaskScenario implements Race {
    /** The race. */
    public MultiStopStatePlainRead() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in("org.smp4j.stop.MultiStop", "run").ignore("state");
    }

    @Override
    protected void play() {
        task(0, "stop", () -> stopMachine().stopMachine(CpuStopFn.named("nothing", arg -> 0), null, null));
    }
}
