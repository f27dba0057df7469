package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.weave.Weave;

/** An irq_work is made anew while it is queued. */
@RaceFacts(slug = "irq-work-reinit-while-queued",
        title = "rcu: Fix racy re-initialization of irq_work causing hangs", hash = "61399e0c5410",
        certainty = Certainty.VERIFIED, year = 2025, cpus = 1, breaks = {"cyclic list", "linked twice"},
        symptom = "a list linked to itself: the next tick never ends", proof = "bound2",
        shows = {"a list has no end", "compareAndExchange lists 0.raised"},
        story = """
                The end of a read section that needs help queued an irq_work, and initialized it each time before.
                A flag of its own said whether the work was on its way, but another path reset that flag, while the
                work was still on the list: a lazy work stays there until the next tick. The next read section then
                wiped the work's flags, so that it could be claimed again, and linked the node to itself. Now the work
                is initialized once, and a claim finds it pending.""")
public final class IrqWorkReinitWhileQueued extends TaskScenario implements Race {
    private static final VarHandle FLAGS = Fields.field(CallSingleNode.class.getName(), "flags");

    private final IrqWork work = IrqWork.of(self -> report());
    private boolean pending; // used by CPU 0 only, with IRQs off

    /** The race. */
    public IrqWorkReinitWhileQueued() {
        super(1);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWorkReinitWhileQueued.class, "unlock")
                .insert(hook(IrqWorkReinitWhileQueued.class, "reinit"))
                .before(call(IrqWorks.class, "irqWorkQueue"));
    }

    @Override
    protected void play() {
        task(0, "reader", () -> {
            boolean flags = LocalIrq.save(); // the work stays queued meanwhile
            unlock();
            report(); // of another path
            unlock();
            LocalIrq.restore(flags);
        });
    }

    private void unlock() {
        if (!pending) {
            pending = true;
            irqWorks().irqWorkQueue(work);
        }
    }

    private void report() {
        pending = false;
    }

    /**
     * The old behaviour: the work is initialized before it is queued.
     *
     * @param race the race
     */
    public static void reinit(IrqWorkReinitWhileQueued race) {
        FLAGS.setVolatile(race.work, 0);
        race.work.setNext(null);
    }
}
