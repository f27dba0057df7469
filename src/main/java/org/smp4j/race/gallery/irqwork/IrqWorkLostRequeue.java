package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.call.IrqWork;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.weave.Weave;

/** The other half of irq-work-self-ipi-storm-and-lost-requeue: a work that came too early is not asked for again. */
@RaceFacts(slug = "irq-work-lost-requeue", title = "rcu: Fix rcu_read_unlock() deadloop due to IRQ work",
        hash = "b41642c87716", certainty = Certainty.VERIFIED, year = 2025, cpus = 1, breaks = "lost report",
        symptom = "a grace period waits for a report that nothing makes", proof = "bound2",
        shows = {"IrqWorkLostRequeue"},
        story = """
                The end of a read section that a grace period waits for queues an irq_work on its own CPU, and sets a
                flag that says so. If the next read section has begun when the work runs, the work can't report, and
                leaves the flag set. The end of that section finds the flag set, takes the work for one that is still
                to come, and queues none. So nothing ever reports. In the fix, the work resets the flag when it finds
                that it has come too early, and the next end of a read section queues it again.""")
public final class IrqWorkLostRequeue extends TaskScenario implements Race {
    private final IrqWork work = IrqWork.of(self -> handle());
    // Used by CPU 0 only: the task, and its interrupts, which come where it polls, or switches IRQs on.
    private boolean wanted;
    private boolean pending;
    private boolean reading;

    /** The race. */
    public IrqWorkLostRequeue() {
        super(1);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWorkLostRequeue.class, "handle").drop(call(IrqWorkLostRequeue.class, "tooEarly"));
    }

    @Override
    protected void play() {
        task(0, "reader", () -> {
            boolean flags = LocalIrq.save();
            reading = true;
            wanted = true; // a grace period waits for this CPU
            unlock();
            reading = true; // the next read section begins before the interrupt is taken
            LocalIrq.restore(flags);
            Waiter.current().relax(0); // the work runs within it
            unlock();
            Waiter.current().relax(0);
        });
    }

    @Override
    protected void check() {
        if (wanted) {
            Exploring.broken("lost report", "the grace period waits for CPU 0, which has left its read sections",
                    List.of());
        }
    }

    private void unlock() {
        reading = false;
        if (wanted && !pending) {
            pending = true;
            irqWorks().irqWorkQueue(work);
        }
    }

    private void handle() {
        if (reading) {
            tooEarly();
        } else {
            wanted = false;
            pending = false;
        }
    }

    private void tooEarly() {
        pending = false;
    }
}
