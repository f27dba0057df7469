package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** The function of an irq_work frees the object that holds the work. */
@RaceFacts(slug = "irq-work-freed-in-its-callback", title = "drm/i915: title unknown; requests are freed by RCU",
        hash = "2cf654db8d7e", certainty = Certainty.VERIFIED, year = 2019, cpus = 2, breaks = "use after release",
        symptom = "the runner of an irq_work writes to memory that was freed", proof = "bound2",
        shows = {"gives irq_work", "at IrqWork.end"},
        story = """
                The function of an irq_work was the last user of the object that holds the work, and freed it. But the
                runner touches the work once more after the function has returned, to mark it as no longer running.
                Now the object is freed by another context, after a grace period; here, after irq_work_sync.""")
public final class IrqWorkFreedInItsCallback extends TaskScenario implements Race {
    /** The race. */
    public IrqWorkFreedInItsCallback() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWorkFreedInItsCallback.class, "retires").insert(hook(Oracles.class, "freed")).atExit()
                .andIn(IrqWorkFreedInItsCallback.class, "reclaims").drop(call(IrqWorks.class, "irqWorkSync"))
                .drop(call(Oracles.class, "freed"));
    }

    @Override
    protected void play() {
        task(0, "owner", () -> {
            IrqWork work = IrqWork.of(IrqWorkFreedInItsCallback::retires);
            irqWorks().irqWorkQueueOn(work, 1);
            reclaims(work);
        });
    }

    /** The last use of the object by its owner. */
    private static void retires(IrqWork work) {
    }

    private void reclaims(IrqWork work) {
        irqWorks().irqWorkSync(work);
        Oracles.freed(work);
    }
}
