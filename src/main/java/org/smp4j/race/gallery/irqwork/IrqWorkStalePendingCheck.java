package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.CallSingleNode;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.AskedTwice;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** A claim of an irq_work begins with a plain look at its flags. */
@RaceFacts(slug = "irq-work-stale-pending-check", title = "irq_work: Fix racy check on work pending flag",
        hash = "e0bbe2d80c41", certainty = Certainty.VERIFIED, year = 2012, model = MemoryModel.TSO, cpus = 2,
        breaks = "lost irq_work", symptom = "a work was asked for, and its function misses why", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                This is the other side of irq-work-busy-plain-store, and fixing one side is not enough. A claim
                looked at the flags first, with a plain load, and gave up if the work was pending. The new data of
                the claimer can still wait in its store buffer then: the other CPU takes the work, its function
                reads the old data, and ends. Then the data becomes visible, and the work does not run again. Now
                only the value that an atomic operation returns decides, and that operation is a full barrier.""")
public final class IrqWorkStalePendingCheck extends AskedTwice implements Race {
    @Override
    public Weave bug() {
        return Weave.in(IrqWorks.class, "irqWorkQueueOn").replace(call(IrqWork.class, "claim"))
                .by(hook(IrqWorkStalePendingCheck.class, "claim"));
    }

    /**
     * The old behaviour: a look at the flags decides.
     *
     * @param work the work
     * @return whether it was claimed
     */
    public static boolean claim(IrqWork work) {
        Oracles.asked(work);
        return ((int) FLAGS.getOpaque(work) & IrqWork.PENDING) == 0 && ((int) FLAGS.getAndBitwiseOr(work,
                IrqWork.CLAIMED | CallSingleNode.CSD_TYPE_IRQ_WORK) & IrqWork.PENDING) == 0;
    }
}
