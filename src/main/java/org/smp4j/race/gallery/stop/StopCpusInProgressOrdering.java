package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** The compiler moves a flag into the loop that it should enclose. */
@RaceFacts(slug = "stop-cpus-in-progress-ordering", title = "stop_machine: Fix stop_cpus_in_progress ordering",
        hash = "99d84bf8c65a", certainty = Certainty.VERIFIED, year = 2019, model = MemoryModel.COMPILER, cpus = 2,
        breaks = "deadlock", symptom = "two stoppers wait for each other forever", proof = "bound1",
        shows = {"stopper runs", "stopper runs", "queues for stopper"},
        story = """
                A stop of all CPUs sets a flag while it queues its works, and a stop of two CPUs does not queue while
                the flag is set: that is what ended the race stop-two-vs-stop-cpus. The flag was a plain field, and
                nothing kept the compiler from moving its store into the loop that queues, behind the first work. A
                stop of two CPUs then finds the flag clear with one work queued, and the old deadlock is back. Now
                compiler barriers stand around the loop. The buggy variant sets the flag after the first work.""")
public final class StopCpusInProgressOrdering extends TaskScenario implements Race {
    private static final CpuStopFn NOTHING = CpuStopFn.named("nothing", arg -> 0);
    private static final VarHandle IN_PROGRESS = Fields.field(StopMachine.class.getName(), "stopCpusInProgress");

    /** The race. */
    public StopCpusInProgressOrdering() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueStopCpusWork")
                .insert(hook(StopCpusInProgressOrdering.class, "notYet")).before(call(CpuMask.class, "first"))
                .insert(hook(StopCpusInProgressOrdering.class, "late")).after(call(StopMachine.class, "queueWork"));
    }

    @Override
    protected void play() {
        task(0, "all", () -> stopMachine().stopMachine(NOTHING, null, null));
        task(1, "two", () -> stopMachine().stopTwoCpus(0, 1, NOTHING, null));
    }

    /**
     * The flag is not set before the loop.
     *
     * @param stop the stoppers
     */
    public static void notYet(StopMachine stop) {
        IN_PROGRESS.setVolatile(stop, false);
    }

    /**
     * It is set in the loop.
     *
     * @param stop the stoppers
     */
    public static void late(StopMachine stop) {
        IN_PROGRESS.setVolatile(stop, true);
    }
}
