package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;

import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.DeferredReport;
import org.smp4j.race.block.ReadSections;
import org.smp4j.weave.Weave;

/** The other half of irq-work-self-ipi-storm-and-lost-requeue: a work that came too early is not asked for again. */
@RaceFacts(slug = "irq-work-lost-requeue", title = "rcu: Fix rcu_read_unlock() deadloop due to IRQ work",
        hash = "b41642c87716", certainty = Certainty.VERIFIED, year = 2025, cpus = 1, breaks = ReadSections.LOST,
        symptom = "a grace period waits for a report that nothing makes", proof = "bound2",
        shows = {"queues its work, request 1", "the work runs within a read section", "its work is on its way"},
        story = """
                The end of a read section that a grace period waits for queues an irq_work on its own CPU, and sets a
                flag that says so. If the next read section has begun when the work runs, the work can't report, and
                leaves the flag set. The end of that section finds the flag set, takes the work for one that is still
                to come, and queues none. So nothing ever reports. In the fix, the work resets the flag when it finds
                that it has come too early, and the next end of a read section queues it again.""")
public final class IrqWorkLostRequeue extends DeferredReport implements Race {
    /** The race. */
    public IrqWorkLostRequeue() {
        super(true);
    }

    @Override
    public Weave bug() {
        return Weave.in(ReadSections.class, "handle").drop(call(ReadSections.class, "tooEarly"));
    }
}
