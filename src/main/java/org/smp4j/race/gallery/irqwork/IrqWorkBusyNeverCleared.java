package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import org.smp4j.call.IrqWork;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.weave.Weave;

/** An irq_work that has run stays busy. */
@RaceFacts(slug = "irq-work-busy-never-cleared", title = "irq_work: Fix IRQ_WORK_BUSY bit clearing",
        hash = "e9838bd51169", certainty = Certainty.VERIFIED, year = 2019, model = MemoryModel.SEQ, cpus = 2,
        breaks = {"deadlock", "livelock"}, symptom = "irq_work_sync waits forever after an ordinary run",
        proof = "bound2",
        shows = {"(sync) spins", "getAndBitwiseAnd sync.body", "expects PENDING, and does not match"},
        story = """
                The runner takes the flags with the atomic operation that clears PENDING, runs the function, and then
                clears BUSY by a compare-and-exchange, unless the work was claimed again meanwhile. The value that it
                expected still contained PENDING. So the exchange never matched, and every work stayed busy. Now
                PENDING is taken out of the expected value.""")
public final class IrqWorkBusyNeverCleared extends TaskScenario implements Race {
    /** The race. */
    public IrqWorkBusyNeverCleared() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(IrqWork.class, "end").replace(call(VarHandle.class, "compareAndSet"))
                .by(hook(IrqWorkBusyNeverCleared.class, "expectsPending"));
    }

    @Override
    protected void play() {
        IrqWork work = IrqWork.of(done -> { });
        task(0, "sync", () -> {
            irqWorks().irqWorkQueueOn(work, 1);
            irqWorks().irqWorkSync(work);
        });
    }

    /**
     * The old behaviour: the value that the exchange expects is the one from before PENDING was cleared.
     *
     * @param flags the field
     * @param work the work
     * @param begun its flags since PENDING was cleared
     * @param free its flags without BUSY
     * @return whether it had the expected flags, and has been freed
     */
    public static boolean expectsPending(VarHandle flags, IrqWork work, int begun, int free) {
        boolean matched = flags.compareAndSet(work, begun | IrqWork.PENDING, free);
        if (!matched) {
            Exploring.note("the exchange expects PENDING, and does not match");
        }
        return matched;
    }
}
