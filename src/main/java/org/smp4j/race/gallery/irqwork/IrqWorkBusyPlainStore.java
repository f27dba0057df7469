package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.Fields;
import org.smp4j.scenario.Oracles;
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
public final class IrqWorkBusyPlainStore extends CallScenario implements Race {
    private static final VarHandle FLAGS = Fields.field(CallSingleNode.class.getName(), "flags");

    // Written by: CPU 1. Read by: the work's function. Ordering: the claim of the work.
    private final AtomicInteger data = new AtomicInteger();
    private int seen; // used by CPU 0 only, and when nothing more happens
    private final IrqWork work = IrqWork.of(self -> seen = data.getOpaque());

    /** The race. */
    public IrqWorkBusyPlainStore() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWorks.class, "single").replace(call(IrqWork.class, "begin"))
                .by(hook(IrqWorkBusyPlainStore.class, "begin"));
    }

    @Override
    protected void play() {
        IrqWorks works = new IrqWorks(smp());
        on(0, () -> works.irqWorkQueueOn(work, 0));
        on(1, () -> {
            data.setOpaque(1);
            works.irqWorkQueueOn(work, 0);
        });
    }

    @Override
    protected void check() {
        if (seen != 1) {
            Exploring.broken("lost irq_work", "the work was asked for, and has not seen what it was asked for",
                    List.of());
        }
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
