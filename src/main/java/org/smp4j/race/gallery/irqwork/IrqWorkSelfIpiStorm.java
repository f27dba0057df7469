package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.call.IrqWork;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.weave.Weave;

/** The end of a read section asks for an interrupt, whose exit ends a read section. */
@RaceFacts(slug = "irq-work-self-ipi-storm-and-lost-requeue",
        title = "rcu: Fix rcu_read_unlock() deadloop due to IRQ work", hash = "b41642c87716",
        certainty = Certainty.VERIFIED, year = 2025, cpus = 1, breaks = "interrupt storm",
        symptom = "a CPU interrupts itself without end", proof = "bound2",
        shows = {"IrqWorkSelfIpiStorm"},
        story = """
                The end of a read section that the grace period waits for queued an irq_work on its own CPU, to get
                attention soon. The way out of that interrupt ends a read section too, in the code that traces it. It
                found that help was still wanted, and queued the work again, and so on: the task never got on to where
                it could report. The handler had reset the flag that says that the work is on its way. Now the flag
                stays set until the report is made, and the handler resets it only when it finds that it was too
                early.""")
public final class IrqWorkSelfIpiStorm extends TaskScenario implements Race {
    private static final int MOST = 8; // each read section here asks once

    private final IrqWork work = IrqWork.of(self -> {
        handle();
        unlock(); // on the way out of the interrupt
    });
    // Used by CPU 0 only: the task, with IRQs on, and its interrupts, which see either all of a change or nothing.
    private boolean wanted;
    private boolean pending;
    private int queued;

    /** The race. */
    public IrqWorkSelfIpiStorm() {
        super(1);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWorkSelfIpiStorm.class, "handle")
                .insert(hook(IrqWorkSelfIpiStorm.class, "reset")).atEntry();
    }

    @Override
    protected void play() {
        task(0, "reader", () -> {
            wanted = true; // a grace period waits for this CPU
            unlock();
            Waiter.current().relax(0); // IRQs are on
            report();
        });
    }

    private void unlock() {
        if (wanted && !pending) {
            pending = true;
            if (++queued > MOST) {
                Exploring.broken("interrupt storm", "CPU 0 interrupts itself for the " + queued
                        + "th time, and the task has not got on", List.of());
            }
            irqWorks().irqWorkQueue(work);
        }
    }

    private void handle() {
        // the interrupt makes the scheduler look at the CPU
    }

    private void report() {
        wanted = false;
        pending = false;
    }

    /**
     * The old behaviour: the handler resets the flag, although nothing was reported.
     *
     * @param race the race
     */
    public static void reset(IrqWorkSelfIpiStorm race) {
        race.pending = false;
    }
}
