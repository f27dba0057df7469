package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.OrderedAccess.access;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A waker reads the CPU of a task before it reads that the task runs. */
@RaceFacts(slug = "ttwu-stale-cpu", title = "sched/core: Fix ttwu() race", hash = "b6e13e85829f",
        certainty = Certainty.VERIFIED, year = 2020, model = MemoryModel.WEAK, cpus = 2,
        breaks = "woken on the wrong CPU", symptom = "a task is queued on a CPU that it has left", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                A waker that finds a task on a CPU sends it there, as that CPU is about to let it go. It had read
                the number of that CPU first, and then whether the task runs. Meanwhile the task had moved and begun
                to run elsewhere: the waker combined the old number with the new answer, and queued the task on a
                CPU that has nothing to do with it. Now the number is read after the answer, which is an acquire;
                the buggy variant leaves the two loads unordered.""")
public final class TtwuStaleCpu extends CallScenario implements Race {
    private static final String RULE = "woken on the wrong CPU";

    // Written by: the CPU to which the task moves. Read by: the waker, after onCpu. Ordering: release and acquire of
    // onCpu.
    private final AtomicInteger cpu = new AtomicInteger(1);
    // Written by: the CPU that the task runs on, after cpu. Read by: the waker. Ordering: release and acquire.
    private final AtomicInteger onCpu = new AtomicInteger();

    /** The race. */
    public TtwuStaleCpu() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(TtwuStaleCpu.class, "wake").weaken(access("onCpu", "getAcquire")).to("getOpaque");
    }

    @Override
    protected void play() {
        on(0, () -> {
            cpu.setOpaque(0);
            onCpu.setRelease(1);
        });
        on(1, this::wake);
    }

    private void wake() {
        if (onCpu.getAcquire() != 0) {
            int target = cpu.getOpaque();
            if (target != 0) {
                Exploring.broken(RULE, "the task runs on CPU 0, and was queued on CPU " + target, List.of());
            }
        }
    }
}
