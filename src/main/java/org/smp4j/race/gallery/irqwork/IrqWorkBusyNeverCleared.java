package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;

import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.weave.Weave;

/** An irq_work that has run stays busy. */
@RaceFacts(slug = "irq-work-busy-never-cleared", title = "irq_work: Fix IRQ_WORK_BUSY bit clearing",
        hash = "e9838bd51169", certainty = Certainty.VERIFIED, year = 2019, model = MemoryModel.SEQ, cpus = 2,
        breaks = {"deadlock", "livelock"}, symptom = "irq_work_sync waits forever after an ordinary run",
        proof = "bound2",
        shows = {"(sync) spins", "IrqWork#0.flags"},
        story = """
                The runner takes the flags with the atomic operation that clears PENDING, runs the function, and then
                clears BUSY by a compare-and-exchange, unless the work was claimed again meanwhile. The value that it
                expected still contained PENDING. So the exchange never matched, and every work stayed busy. Now
                PENDING is taken out of the expected value. The buggy variant leaves the exchange out, which comes to
                the same.""")
public final class IrqWorkBusyNeverCleared extends TaskScenario implements Race {
    /** The race. */
    public IrqWorkBusyNeverCleared() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWorks.class, "single").drop(call(IrqWork.class, "end"));
    }

    @Override
    protected void play() {
        IrqWork work = IrqWork.of(done -> { });
        task(0, "sync", () -> {
            irqWorks().irqWorkQueueOn(work, 1);
            irqWorks().irqWorkSync(work);
        });
    }
}
