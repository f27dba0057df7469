package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Hook.hook;

import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.DeferredReport;
import org.smp4j.race.block.ReadSections;
import org.smp4j.weave.Weave;

/** The end of a read section asks for an interrupt, whose exit ends a read section. */
@RaceFacts(slug = "irq-work-self-ipi-storm-and-lost-requeue",
        title = "rcu: Fix rcu_read_unlock() deadloop due to IRQ work", hash = "b41642c87716",
        certainty = Certainty.VERIFIED, year = 2025, cpus = 1, breaks = "livelock",
        symptom = "a CPU interrupts itself without end", proof = "bound2",
        shows = {"queues its work, request 1", "the same again and again", "queues its work, request"},
        story = """
                The end of a read section that the grace period waits for queued an irq_work on its own CPU, to get the
                scheduler's attention soon. The way out of that interrupt ends a read section too, in the code that
                traces it. It found that help was still wanted, and queued the work again, and so on: the task never
                got on to where the scheduler could report. The handler had reset the flag that says that the work is
                on its way. Now the flag stays set until the report is made, and the handler resets it only when it
                finds that it was too early.""")
public final class IrqWorkSelfIpiStorm extends DeferredReport implements Race {
    /** The race. */
    public IrqWorkSelfIpiStorm() {
        super(false);
    }

    @Override
    public Weave bug() {
        return Weave.in(ReadSections.class, "handle").insert(hook(IrqWorkSelfIpiStorm.class, "reset")).atEntry();
    }

    /**
     * The old behaviour: the handler resets the flag, although nothing was reported.
     *
     * @param sections the sections
     */
    public static void reset(ReadSections sections) {
        sections.reset();
    }
}
