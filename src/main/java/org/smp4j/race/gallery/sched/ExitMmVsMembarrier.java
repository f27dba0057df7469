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

/** A task gives up its address space, and is left out of a barrier. */
@RaceFacts(slug = "exit-mm-vs-membarrier", title = "sched: fix exit_mm vs membarrier (v4)", hash = "5bc78502322a",
        certainty = Certainty.VERIFIED, year = 2020, model = MemoryModel.WEAK, cpus = 2,
        breaks = "barrier skipped", symptom = "the guarantee of membarrier does not hold", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                A barrier for all threads of a process interrupts the CPUs that run one; each interrupt is a full
                barrier there. A thread that exits clears what tells that its CPU runs the process. That store could
                become visible before the thread's earlier stores: another thread then saw one of these, made the
                barrier, which left the exiting thread out, and still read an old value for the other. Now a full
                barrier stands before the store.""")
public final class ExitMmVsMembarrier extends CallScenario implements Race {
    private static final String RULE = "barrier skipped";

    // Two words of the process. Written by: the thread on CPU 0. Read by: that on CPU 1. Ordering: the barrier.
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger second = new AtomicInteger();
    // Whether CPU 0 runs the process. Written by: CPU 0. Read by: CPU 1. Ordering: full fences.
    private final AtomicInteger runs = new AtomicInteger(1);

    /** The race. */
    public ExitMmVsMembarrier() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(ExitMmVsMembarrier.class, "exitMm").drop(call(VarHandle.class, "fullFence"));
    }

    @Override
    protected void play() {
        on(0, () -> {
            first.setOpaque(1);
            second.setOpaque(1);
            exitMm();
        });
        on(1, () -> {
            int later = second.getOpaque();
            membarrier();
            if (later > first.getOpaque()) {
                Exploring.broken(RULE, "after the barrier an old value is read, and before it a newer one", List.of());
            }
        });
    }

    private void exitMm() {
        VarHandle.fullFence(); // a CPU that finds this one without the process sees what the thread has done
        runs.setOpaque(0);
    }

    private void membarrier() {
        VarHandle.fullFence();
        if (runs.getOpaque() != 0) {
            smp().smpCallFunctionSingle(0, SmpCallFunc.named("ipi_mb", info -> VarHandle.fullFence()), null, true);
        }
        VarHandle.fullFence();
    }
}
