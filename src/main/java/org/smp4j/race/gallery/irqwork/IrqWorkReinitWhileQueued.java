package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import org.smp4j.call.CallSingleNode;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.explore.Exploring;
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
        shows = {"the work is queued until the next tick", "another path has reported", "the work is initialized"},
        story = """
                The end of a read section that needs help queued an irq_work, and initialized it each time before.
                A flag of its own said whether the work was on its way, but another path reset that flag, while the
                work was still on the list: a lazy work stays there until the next tick. The next read section then
                wiped the work's flags, so that it could be claimed again, and linked the node to itself. Now the work
                is initialized once, and a claim finds it pending.""")
public final class IrqWorkReinitWhileQueued extends TaskScenario implements Race {
    private static final VarHandle FLAGS = Fields.field(CallSingleNode.class.getName(), "flags");

    private final IrqWork work = IrqWork.lazy(self -> report());
    private boolean pending; // used by CPU 0 only: the task, and the tick, which sees either all of a change or nothing

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
        device(0, "tick", 1, irqWorks()::irqWorkTick);
        task(0, "reader", () -> {
            unlock();
            Exploring.note("another path has reported, and resets the flag");
            report();
            unlock();
        });
    }

    private void unlock() {
        if (!pending) {
            pending = true;
            irqWorks().irqWorkQueue(work);
            Exploring.note("the work is queued until the next tick");
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
        FLAGS.setVolatile(race.work, IrqWork.LAZY);
        race.work.setNext(null);
        Exploring.note("the work is initialized");
    }
}
