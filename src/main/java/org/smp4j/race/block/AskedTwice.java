package org.smp4j.race.block;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.explore.Exploring;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.oracle.Fields;

/**
 * CPU 0 asks for an irq_work; CPU 1 writes data, and asks for the same work on CPU 0. Whether or not the work is
 * pending then, its function must see the data.
 */
public abstract class AskedTwice extends CallScenario {
    /** The flags of an irq_work, for variants that access them in another way than the tower does. */
    protected static final VarHandle FLAGS = Fields.field(CallSingleNode.class.getName(), "flags");

    // Written by: CPU 1. Read by: the work's function. Ordering: the claim of the work.
    private final AtomicInteger data = new AtomicInteger();
    private int seen; // used by CPU 0 only, and when nothing more happens
    private final IrqWork work = IrqWork.of(self -> seen = data.getOpaque());

    /** Two CPUs. */
    protected AskedTwice() {
        super(2);
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
}
