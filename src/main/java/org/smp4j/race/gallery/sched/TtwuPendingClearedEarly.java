package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.PlainTtwu;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A CPU looks idle between a wake-up's arrival and the task's queueing. */
@RaceFacts(slug = "ttwu-pending-cleared-early", title = "sched: Clear ttwu_pending after enqueue_task()",
        hash = "d6962c4fe8f9", certainty = Certainty.VERIFIED, year = 2022, cpus = 3, breaks = "stacked tasks",
        symptom = "two tasks share a CPU while another one idles",
        proof = "bound2",
        shows = {"has queued first to CPU 1", "ttwuPending = false", "has queued second to CPU 1"},
        story = """
                A waker sends a task to another CPU through that CPU's call queue, and sets a flag there, so that the
                next waker does not take the CPU for idle before the task is on its run queue. The handler cleared the
                flag first and queued the task then. A waker that looks in between finds no flag and an empty queue,
                and sends its task there too, although another CPU idles. Now the flag is cleared after the task is
                queued.""")
public final class TtwuPendingClearedEarly extends CallScenario implements Race {
    private PlainTtwu ttwu;

    /** The race. */
    public TtwuPendingClearedEarly() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(PlainTtwu.class, "schedTtwuPending").move(call(PlainTtwu.class, "clearPending"))
                .before(call(PlainTtwu.class, "enqueue"));
    }

    @Override
    protected void play() {
        ttwu = new PlainTtwu(smp(), nrCpus);
        on(0, () -> {
            ttwu.wakeOn(1, "first");
            ttwu.wakeOn(ttwu.isIdle(1) ? 1 : 2, "second");
        });
    }

    @Override
    protected void check() {
        if (ttwu.nrRunning(1) > 1) {
            Exploring.broken("stacked tasks", "CPU 1 has " + ttwu.nrRunning(1) + " tasks and CPU 2 none", List.of());
        }
    }
}
