package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/** A CPU goes offline with an irq_work that waits for its next tick. */
@RaceFacts(slug = "irq-work-lost-at-offline", title = "irq_work: Flush work on CPU_DYING", hash = "c0e980a4",
        certainty = Certainty.MEMORY, year = 2012, cpus = 2, breaks = "lost irq_work",
        symptom = "an irq_work never runs, and can't be queued again", proof = "bound2",
        shows = {"has run 0 times", "stopper 1 begins"},
        story = """
                A lazy irq_work raises no interrupt: it waits on a list of its CPU for the next tick. The CPU was taken
                down before that tick, and no other CPU walks its list. The work stayed claimed forever. Now the
                leaving CPU runs its lists as one of its last acts inside stop_machine.""")
public final class IrqWorkLostAtOffline extends TaskScenario implements Race {
    private static final int LEAVING = 1;

    // Written by: the function. Read by: the check at the end. Ordering: the end of all tasks.
    private int runs;
    // Written by: the task that queues. Read by: the task that takes the CPU down. Ordering: volatile.
    private volatile boolean queued;

    /** The race. */
    public IrqWorkLostAtOffline() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWorkLostAtOffline.class, "dies").drop(call(IrqWorks.class, "irqWorkRun"));
    }

    @Override
    protected void play() {
        IrqWork work = IrqWork.lazy(done -> runs++);
        task(LEAVING, "queue", () -> {
            irqWorks().irqWorkQueue(work);
            queued = true;
        });
        task(0, "cpu_down", () -> {
            while (!queued) {
                Waiter.current().relax(0);
            }
            stopMachine().stopMachine(CpuStopFn.named("take_cpu_down", arg -> dies()), null,
                    CpuMask.of(nrCpus, LEAVING));
        });
    }

    private int dies() {
        cpus().setCpuOnline(LEAVING, false);
        smp().smpcfdDyingCpu();
        irqWorks().irqWorkRun();
        stopMachine().stopMachinePark(LEAVING);
        return 0;
    }

    @Override
    protected void check() {
        if (runs != 1) {
            Exploring.broken("lost irq_work", "a queued irq_work has run " + runs + " times", List.of());
        }
    }
}
