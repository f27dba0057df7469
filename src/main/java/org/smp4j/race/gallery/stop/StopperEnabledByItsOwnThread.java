package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A stopper accepts works only from when its thread runs for the first time, and not from when it is woken. */
@RaceFacts(slug = "stopper-enabled-by-its-own-thread", title = "stop_machine: Mark per cpu stopper enabled early",
        hash = "46c498c2cdee", certainty = Certainty.VERIFIED, year = 2013, cpus = 2, breaks = "deadlock",
        symptom = "stop_machine waits forever for a CPU that has just come up", proof = "bound2",
        shows = {"CPU 0", "stopper 0 begins"},
        story = """
                When a CPU comes up, its stopper's thread is woken. The flag with which the stopper accepts works was
                set by that thread, when it ran. The CPU that brought it up may use stop_machine before that: it
                counts the new CPU among those to stop, because it is online, but the work for it is dropped, and
                counted as done. The other stoppers wait for it forever. Now the flag is set before the thread is
                woken.""")
public final class StopperEnabledByItsOwnThread extends TaskScenario implements Race {
    // Written by: the CPU that brings CPU 1 up. Read by: the stopper's thread. Ordering: volatile.
    private volatile boolean woken;

    /** The race. */
    public StopperEnabledByItsOwnThread() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopperEnabledByItsOwnThread.class, "preUnpark")
                .drop(call(StopMachine.class, "stopMachineUnpark"))
                .andIn(StopperEnabledByItsOwnThread.class, "firstRun")
                .insert(hook(StopperEnabledByItsOwnThread.class, "enable")).atEntry();
    }

    @Override
    protected void play() {
        stopMachine().stopMachinePark(1); // it comes up
        task(0, "cpu_up", () -> {
            preUnpark();
            woken = true;
            stopMachine().stopMachine(CpuStopFn.named("nothing", arg -> 0), null, null);
        });
        task(1, "migration/1", () -> {
            while (!woken) {
                Waiter.current().relax(0);
            }
            firstRun();
        });
    }

    private void preUnpark() {
        stopMachine().stopMachineUnpark(1);
    }

    private void firstRun() {
        // the thread's loop
    }

    /**
     * The old behaviour: the thread itself enables its stopper.
     *
     * @param race the race
     */
    public static void enable(StopperEnabledByItsOwnThread race) {
        race.stopMachine().stopMachineUnpark(1);
    }
}
