package org.smp4j.race.gallery.irqwork;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.CallSingleNode;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.AskedTwice;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** A failed compare-and-exchange orders nothing. */
@RaceFacts(slug = "irq-work-failed-cmpxchg-no-barrier", title = "irq_work: Fix irq_work_claim() memory ordering",
        hash = "25269871db1a", certainty = Certainty.VERIFIED, year = 2019, model = MemoryModel.WEAK, cpus = 2,
        breaks = "lost irq_work", symptom = "a work was asked for, and its function misses why", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                A claim of an irq_work was a loop around a compare-and-exchange. If the work is pending already,
                that fails, and a failed one is no barrier: it only reads. So the data that the claimer has written
                before may become visible after the look at the flags, and the function, which another CPU begins
                meanwhile, reads the old data. Nothing runs it again. Now the claim is one atomic operation that
                always writes, and is ordered whatever it finds. On x86 the old code was right by chance.""")
public final class IrqWorkFailedClaim extends AskedTwice implements Race {
    @Override
    public Weave bug() {
        return Weave.in(IrqWorks.class, "irqWorkQueueOn").replace(call(IrqWork.class, "claim"))
                .by(hook(IrqWorkFailedClaim.class, "claim"));
    }

    /**
     * The old behaviour: a compare-and-exchange, which may fail.
     *
     * @param work the work
     * @return whether it was claimed
     */
    public static boolean claim(IrqWork work) {
        Oracles.asked(work);
        int flags = 0;
        for (;;) {
            int seen = (int) FLAGS.compareAndExchange(work, flags,
                    flags | IrqWork.CLAIMED | CallSingleNode.CSD_TYPE_IRQ_WORK);
            if (seen == flags) {
                return true;
            }
            if ((seen & IrqWork.PENDING) != 0) {
                return false;
            }
            flags = seen;
        }
    }
}
