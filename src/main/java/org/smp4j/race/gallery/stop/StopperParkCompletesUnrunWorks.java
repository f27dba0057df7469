package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.LastStop;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.weave.Weave;

/** A stopper that parks counts its works as done, without running them. */
@RaceFacts(slug = "stopper-park-completes-unrun-works",
        title = "stop_machine: Ensure that a queued callback will be called before cpu_stop_park()",
        hash = "233e7f267e58", certainty = Certainty.VERIFIED, year = 2015, cpus = 3,
        breaks = {"deadlock", "lost stop work"}, symptom = "a stop of two CPUs waits forever for the CPU that left",
        proof = "bound1", shows = {"stopper 2 begins kworker", "queues for stopper 2: two",
            "stopper 1 begins two"},
        story = """
                When a CPU goes down, its stopper is parked. Parking told the callers of works that were still queued
                that these were done, and dropped them. A stop of two CPUs may have queued both works while both
                stoppers accepted some. The other CPU has begun its work, and waits for this one to join, forever. Now
                a stopper first accepts no more works, then runs those that are queued, and then parks: a work that was
                accepted runs.""")
public final class StopperParkCompletesUnrunWorks extends MachineScenario implements Race {
    private static final int LEAVING = 2;
    private static final String STOPPER = "org.smp4j.stop.CpuStopper";
    private static final String DONE = "org.smp4j.stop.CpuStopDone";
    private static final VarHandle SHOULD_PARK = Fields.field(STOPPER, "shouldPark");
    private static final VarHandle FIRST = Fields.field(STOPPER, "first");
    private static final VarHandle LAST = Fields.field(STOPPER, "last");
    private static final VarHandle NEXT = Fields.field(CpuStopWork.class.getName(), "next");
    private static final VarHandle WORK_DONE = Fields.field(CpuStopWork.class.getName(), "done");
    private static final VarHandle WORKS_LEFT = Fields.field(DONE, "todo");
    private static final VarHandle COMPLETION = Fields.field(DONE, "completion");

    /** The race. */
    public StopperParkCompletesUnrunWorks() {
        super(3);
    }

    @Override
    public Weave parts() {
        return LastStop.explored();
    }

    @Override
    public Weave bug() {
        return Weave.in(STOPPER, "poll").insert(hook(StopperParkCompletesUnrunWorks.class, "drop")).atEntry();
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        task(1, "two", () -> {
            LastStop.await();
            machine.stopMachine().stopTwoCpus(1, LEAVING, CpuStopFn.named("nothing", arg -> 0), null);
        });
        task(0, "cpu_down", () -> machine.hotplug().removeCpu(LEAVING));
    }

    /**
     * The old behaviour: what is queued when the stopper parks counts as done.
     *
     * @param stopper the stopper
     */
    public static void drop(Object stopper) {
        if (!(boolean) SHOULD_PARK.get(stopper) || Cpu.current().isOnline()) {
            return;
        }
        CpuStopWork work = (CpuStopWork) FIRST.get(stopper);
        FIRST.set(stopper, (CpuStopWork) null);
        LAST.set(stopper, (CpuStopWork) null);
        for (; work != null; work = (CpuStopWork) NEXT.get(work)) {
            Object done = WORK_DONE.get(work);
            if (((AtomicInteger) WORKS_LEFT.get(done)).decrementAndGet() == 0) {
                ((Completion) COMPLETION.get(done)).complete();
            }
        }
    }
}
