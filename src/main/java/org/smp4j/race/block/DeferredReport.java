package org.smp4j.race.block;

import org.smp4j.cpu.LocalIrq;
import org.smp4j.scenario.TaskScenario;

/**
 * A task for whose read section a grace period waits ends it with IRQs off, so that the report is left to an irq_work
 * and the scheduler; at the end nothing may be owed any more.
 */
public abstract class DeferredReport extends TaskScenario {
    private final boolean readsAgain;
    private ReadSections sections;

    /**
     * A scenario with one CPU.
     *
     * @param readsAgain whether the task begins another section before the interrupt of the irq_work is taken
     */
    protected DeferredReport(boolean readsAgain) {
        super(1);
        this.readsAgain = readsAgain;
    }

    @Override
    protected final void play() {
        sections = new ReadSections(irqWorks());
        task(0, "reader", () -> {
            boolean flags = LocalIrq.save();
            sections.enter();
            sections.want();
            sections.leave();
            if (readsAgain) {
                sections.enter();
            }
            LocalIrq.restore(flags);
            sections.schedule();
            if (readsAgain) {
                flags = LocalIrq.save();
                sections.leave();
                LocalIrq.restore(flags);
                sections.schedule();
            }
        });
    }

    @Override
    protected final void check() {
        sections.check();
    }
}
