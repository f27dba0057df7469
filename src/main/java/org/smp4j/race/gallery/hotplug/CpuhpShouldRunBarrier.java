package org.smp4j.race.gallery.hotplug;

import static org.smp4j.weave.Call.call;

import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A hotplug thread acts on an old request. */
@RaceFacts(slug = "cpuhp-should-run-barrier", title = "cpu/hotplug: Adjust misplaced smp_mb() in cpuhp_thread_fun()",
        hash = "f8b7530aa0a1", certainty = Certainty.MEMORY, year = 2018, model = MemoryModel.WEAK, cpus = 2,
        breaks = "old request", symptom = "a CPU's hotplug thread takes a step that was not asked for",
        proof = "bound2", shows = {"is not visible yet"},
        story = """
                The control CPU fills in a request, and then tells the hotplug thread of the target that there is
                one. The thread looks whether there is one, and reads the request. Its barrier stood before that
                look, where it orders nothing of the two: the request could be read from before the look, and the
                thread acted on the old one. Now the barrier stands between the look and the request; it pairs with
                the one between the writes on the other side.""")
public final class CpuhpShouldRunBarrier extends CallScenario implements Race {
    private static final String RULE = "old request";

    // Written by: the control CPU, before shouldRun. Read by: the target, after shouldRun. Ordering: full fences.
    private final AtomicInteger request = new AtomicInteger();
    // Written by: the control CPU. Read by: the target. Ordering: full fences.
    private final AtomicInteger shouldRun = new AtomicInteger();

    /** The race. */
    public CpuhpShouldRunBarrier() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(CpuhpShouldRunBarrier.class, "threadFn").move(call(VarHandle.class, "fullFence"))
                .before(call(CpuhpShouldRunBarrier.class, "isAsked"));
    }

    @Override
    protected void play() {
        on(0, this::threadFn);
        on(1, () -> {
            request.setOpaque(1);
            VarHandle.fullFence(); // pairs with the one in threadFn
            shouldRun.setOpaque(1);
        });
    }

    private void threadFn() {
        boolean asked = isAsked();
        VarHandle.fullFence(); // pairs with the control CPU's: who sees that there is a request sees it
        if (asked && request.getOpaque() == 0) {
            Exploring.broken(RULE, "the thread was told to run, and finds no request", List.of());
        }
    }

    private boolean isAsked() {
        return shouldRun.getOpaque() != 0;
    }
}
