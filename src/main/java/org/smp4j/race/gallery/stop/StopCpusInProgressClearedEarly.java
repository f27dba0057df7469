package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** The other half of stop-cpus-in-progress-ordering: the compiler clears the flag before the last work is queued. */
@RaceFacts(slug = "stop-cpus-in-progress-cleared-early", title = "stop_machine: Fix stop_cpus_in_progress ordering",
        hash = "99d84bf8c65a", certainty = Certainty.VERIFIED, year = 2019, model = MemoryModel.COMPILER, cpus = 2,
        breaks = "deadlock", symptom = "two stoppers wait for each other forever", proof = "bound1",
        shows = {"stopper runs", "queues for stopper"},
        story = """
                The flag that a stop of all CPUs sets around the loop that queues its works was a plain field. The
                compiler may move the store that clears it into the loop as well as the one that sets it. A stop of
                two CPUs then finds the flag clear while the last work of the other stop is not queued yet, queues
                its own two, and the works stand in different order on two stoppers: each waits for the other. Now
                compiler barriers stand on both sides of the loop. The buggy variant clears the flag after the first
                work.""")
public final class StopCpusInProgressClearedEarly extends TaskScenario implements Race {
    private static final CpuStopFn NOTHING = CpuStopFn.named("nothing", arg -> 0);
    private static final VarHandle IN_PROGRESS = Fields.field(StopMachine.class.getName(), "stopCpusInProgress");

    /** The race. */
    public StopCpusInProgressClearedEarly() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueStopCpusWork")
                .insert(hook(StopCpusInProgressClearedEarly.class, "early"))
                .after(call(StopMachine.class, "queueWork"));
    }

    @Override
    protected void play() {
        task(0, "all", () -> stopMachine().stopMachine(NOTHING, null, null));
        task(1, "two", () -> stopMachine().stopTwoCpus(0, 1, NOTHING, null));
    }

    /**
     * The flag is clear before the loop ends.
     *
     * @param stop the stoppers
     */
    public static void early(StopMachine stop) {
        IN_PROGRESS.setVolatile(stop, false);
    }
}
