package org.smp4j.race.block;

import java.util.List;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;

/**
 * The read sections of one CPU, for which a grace period waits: mirrors {@code rcu_read_unlock_special} and the
 * irq_work of {@code kernel/rcu/tree_plugin.h}. A section that ends with IRQs off can't report. It queues an irq_work
 * on its own CPU instead, whose interrupt gets the scheduler's attention, and the scheduler reports. The way out of
 * each interrupt is a section too, in the code that traces it.
 */
public final class ReadSections {
    /** The grace period waits for a CPU that has left its read sections. */
    public static final String LOST = "lost report";

    private final IrqWorks works;
    private final IrqWork work = IrqWork.of(self -> {
        handle();
        enter();
        leave();
    });

    // All used by one CPU only: a task, and its interrupts, which come where it polls, or switches IRQs on.
    private int nesting;
    private int asked;
    private boolean wanted;
    private boolean pending; // whether the work is on its way, or has got the attention
    private boolean attention;

    /**
     * No section is open, and no grace period waits.
     *
     * @param works where its work is queued
     */
    public ReadSections(IrqWorks works) {
        this.works = works;
    }

    /** From here on a grace period waits for the CPU. */
    public void want() {
        wanted = true;
    }

    /** A section begins. */
    public void enter() {
        nesting++;
    }

    /** A section ends. Context: IRQs off. */
    public void leave() {
        nesting--;
        if (nesting > 0 || !wanted) {
            return;
        }
        if (pending) {
            Exploring.note("a read section ends: its work is on its way");
            return;
        }
        pending = true;
        int time = ++asked;
        Exploring.note(() -> "a read section ends: queues its work, request " + time);
        works.irqWorkQueue(work);
    }

    private void handle() {
        if (nesting > 0) {
            Exploring.note("the work runs within a read section");
            tooEarly();
        } else {
            attention = true;
        }
    }

    /** The work could not do what it was queued for: the end of the section has to queue it again. */
    private void tooEarly() {
        pending = false;
    }

    /** The work is no longer on its way, whatever has come of it. */
    public void reset() {
        pending = false;
    }

    /** Lets the interrupt come, and then the scheduler. Context: IRQs on. */
    public void schedule() {
        Waiter.current().relax(0);
        boolean flags = LocalIrq.save();
        if (attention && nesting == 0) {
            Exploring.note("the scheduler reports");
            wanted = false;
            pending = false;
        }
        LocalIrq.restore(flags);
    }

    /** Checks that the grace period does not wait for a CPU without sections. */
    public void check() {
        if (wanted && nesting == 0) {
            Exploring.broken(LOST, "the grace period waits for a CPU that has left its read sections", List.of());
        }
    }
}
