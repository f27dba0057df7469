package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A CPU switches to an address space, and misses that its TLB is to be flushed. */
@RaceFacts(slug = "switch-mm-vs-flush-store-buffer", title = "x86/mm: Fix SMP ordering in switch_mm_irqs_off()",
        hash = "83b0177a6c48", certainty = Certainty.VERIFIED, year = 2025, model = MemoryModel.TSO, cpus = 2,
        breaks = "stale TLB", symptom = "a CPU runs with translations that were to be flushed", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                A CPU that switches to an address space stores that it uses it now, and then reads how far its
                translations have to be up to date. A CPU that changes the address space first counts up that
                number, and then interrupts those that use it. Without a full barrier between the store and the load
                both may miss each other: the store waits in the buffer, so no interrupt is sent, and the load
                returns the old number. Now there is a barrier between them.""")
public final class SwitchMmVsFlush extends CallScenario implements Race {
    private static final String RULE = "stale TLB";
    private static final int NEW = 1;

    // Written by: CPU 1, as it switches. Read by: CPU 0. Ordering: full fences, each before a load of the other.
    private final AtomicInteger loaded = new AtomicInteger();
    // Written by: CPU 0. Read by: CPU 1. Ordering: as above.
    private final AtomicInteger generation = new AtomicInteger();
    private int flushed; // used by CPU 1 only, and when nothing more happens

    /** The race. */
    public SwitchMmVsFlush() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(SwitchMmVsFlush.class, "switchMm").drop(call(VarHandle.class, "fullFence"));
    }

    @Override
    protected void play() {
        on(0, this::change);
        on(1, this::switchMm);
    }

    private void switchMm() {
        loaded.setOpaque(NEW);
        VarHandle.fullFence(); // the store before the load, or the other CPU misses this one and this one the change
        flushed = generation.getOpaque();
    }

    private void change() {
        generation.getAndAdd(1);
        VarHandle.fullFence(); // the counting before the look at which CPUs use it
        if (loaded.getOpaque() == NEW) {
            smp().smpCallFunctionSingle(1, SmpCallFunc.named("flush_tlb", info -> flushed = generation.getOpaque()),
                    null, true);
        }
    }

    @Override
    protected void check() {
        if (flushed != generation.getOpaque()) {
            Exploring.broken(RULE, "CPU 1 has not flushed what changed, and no interrupt has told it", List.of());
        }
    }
}
