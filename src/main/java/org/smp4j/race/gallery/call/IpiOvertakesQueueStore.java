package org.smp4j.race.gallery.call;

import static org.smp4j.weave.OrderedAccess.access;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.cpu.PendingWord;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** An interrupt arrives before what was queued for it. */
@RaceFacts(slug = "ipi-overtakes-queue-store", title = "generic-ipi: fix the smp_mb() placement",
        hash = "561920a0d2bb", certainty = Certainty.VERIFIED, year = 2008, model = MemoryModel.TSO, cpus = 2,
        breaks = "lost call", symptom = "the handler finds an empty queue, and no other interrupt comes",
        proof = "bound2", shows = {"is not visible yet"},
        story = """
                A call was queued by plain stores, and then the interrupt was triggered by a write to a register of
                the interrupt controller, which does not wait for the store buffer. The handler on the other CPU
                found its queue empty and returned. Then the stores became visible, and no interrupt came for them.
                Now a full barrier stands before the trigger. Today the queue is changed by a locked instruction, so
                the scenario has a queue of its own; in the buggy variant interrupts carry nothing.""")
public final class IpiOvertakesQueueStore extends CallScenario implements Race {
    // Written by: CPU 0. Read by: the handler on CPU 1. Ordering: the interrupt.
    private final AtomicInteger queue = new AtomicInteger();
    private boolean ran; // used by CPU 1 only, and when nothing more happens

    /** The race. */
    public IpiOvertakesQueueStore() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(PendingWord.class, "getAndSet").weaken(access("BITS", "getAndBitwiseOr"))
                .to("getAndBitwiseOrAcquire");
    }

    @Override
    protected void play() {
        cpus().installIrqWork(cpu -> ran |= queue.getOpaque() != 0);
        on(0, () -> {
            queue.setOpaque(1);
            cpus().cpu(1).sendInterrupt(PendingWord.IRQ_WORK);
        });
        on(1, IpiOvertakesQueueStore::relax);
    }

    @Override
    protected void check() {
        if (!ran) {
            Exploring.broken("lost call", "the interrupt has come, and the call is queued still", List.of());
        }
    }
}
