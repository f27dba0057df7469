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

/** An irq_work is marked as running by a plain store. */
@RaceFacts(slug = "irq-work-busy-plain-store", title = "irq_work: Fix racy IRQ_WORK_BUSY flag setting",
        hash = "c8446b75be6f", certainty = Certainty.VERIFIED, year = 2012, model = MemoryModel.TSO, cpus = 2,
        breaks = "lost irq_work", symptom = "a work was asked for, and its function misses why", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                Before the function of an irq_work runs, its CPU clears the pending bit, so that from then on it can
                be asked for again. That was a plain store, which waits in the store buffer while the function
                already reads its data. Another CPU writes new data and asks for the work, finds it pending still,
                and leaves it at that: the function will see the data. But the function has read the old data. Now
                the bit is cleared by an exchange, which is a full barrier.""")
public final class IrqWorkBusyPlainStore extends AskedTwice implements Race {
    @Override
    public Weave bug() {
        return Weave.in(IrqWorks.class, "single").replace(call(IrqWork.class, "begin"))
                .by(hook(IrqWorkBusyPlainStore.class, "begin"));
    }

    /**
     * The old behaviour: the pending bit is cleared by a store.
     *
     * @param work the work
     * @return its flags from here on
     */
    public static int begin(IrqWork work) {
        int flags = IrqWork.BUSY | CallSingleNode.CSD_TYPE_IRQ_WORK; // until then it belongs to this CPU
        FLAGS.setOpaque(work, flags);
        Oracles.begun(work);
        return flags;
    }
}
