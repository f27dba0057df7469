package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.Machine;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.LastStop;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.weave.Weave;

/** A CPU goes offline with an irq_work that waits for its next tick. */
@RaceFacts(slug = "irq-work-lost-at-offline", title = "irq_work: Flush work on CPU_DYING", hash = "c0e980a4",
        certainty = Certainty.MEMORY, year = 2012, cpus = 2, breaks = "lost irq_work",
        symptom = "an irq_work never runs, and can't be queued again", proof = "bound1",
        shows = {"has run 0 times", "stopper 1 begins", "CPU 1 queues a lazy work"},
        story = """
                A lazy irq_work raises no interrupt: it waits on a list of its CPU for the next tick. A CPU on its way
                down takes an interrupt, whose handler queues such a work. The CPU is gone before that tick, and no
                other CPU walks its list. The work stayed claimed forever. Now the leaving CPU runs its lists as one of
                its last acts inside stop_machine.""")
public final class IrqWorkLostAtOffline extends MachineScenario implements Race {
    private static final int LEAVING = 1;

    // Written by: the device's handler, on the leaving CPU. Read by: the check at the end. Ordering: the end of
    // all tasks, for this and the next.
    private boolean queued;
    // Written by: the function. Read by: the check at the end.
    private int runs;

    /** The race. */
    public IrqWorkLostAtOffline() {
        super(2);
    }

    @Override
    public Weave parts() {
        return LastStop.explored();
    }

    @Override
    public Weave bug() {
        return Weave.in("org.smp4j.hotplug.CoreStates", "smpcfdDyingCpu").drop(call(IrqWorks.class, "irqWorkRun"));
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        IrqWork work = IrqWork.lazy(done -> runs++);
        device(LEAVING, "disk", 1, () -> {
            if (!Cpu.current().isOnline()) {
                return; // a CPU that is offline has no devices
            }
            Exploring.note(() -> Cpu.current() + " queues a lazy work");
            machine.irqWorks().irqWorkQueue(work);
            queued = true;
        });
        task(0, "cpu_down", () -> machine.hotplug().removeCpu(LEAVING));
    }

    @Override
    protected void check(Machine machine) {
        if (queued && runs != 1) {
            Exploring.broken("lost irq_work", "a queued irq_work has run " + runs + " times", List.of());
        }
    }
}
