package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** Two wakers queue the same wake-up entry of a task that waits twice. */
@RaceFacts(slug = "double-wake-up", title = "smp4j: Set a task running under the lock of its run queue",
        certainty = Certainty.OWN, year = 2026, cpus = 3, breaks = {"cyclic list", "deadlock"},
        symptom = "a task that waits twice is queued for wake-up by two wakers at once", proof = "bound1",
        shows = {".state = BLOCKED", ".state = RUNNING", ".onRq -> NO"},
        story = """
                This race was smp4j's own; no kernel commit belongs to it. A waker set the task running before it took
                the run queue's lock and looked where the task was. The task, which had not left its CPU yet, consumed
                the wake-up, went on, waited once more and left its CPU. The waker then found it gone and queued its
                wake-up entry. A second waker found the task asleep and queued the same entry again. Now a waker sets
                the task running and looks at the queue in one step, under the run queue's lock.""")
public final class DoubleWakeUp extends TaskScenario implements Race {
    private final AtomicInteger done = new AtomicInteger();

    // Written by: the first waker. Read by: the sleeper. Ordering: volatile, before the wake-up.
    private volatile boolean first;
    // Written by: the sleeper, between its waits. Read by: the second waker. Ordering: volatile.
    private volatile boolean again;
    // Written by: the second waker. Read by: the sleeper. Ordering: volatile, before the wake-up.
    private volatile boolean second;

    /** The race. */
    public DoubleWakeUp() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in("org.smp4j.sched.WakeUp", "wakeWhereItIs").move(call(Task.class, "setState"))
                .before(call(Scheduler.class, "runQueue"));
    }

    @Override
    protected void play() {
        Task sleeper = task(1, "sleeper", () -> {
            while (!first) {
                Task.current().block();
            }
            again = true;
            while (!second) {
                Task.current().block();
            }
            while (done.get() < 2) { // a wake-up of a task that has ended would be another matter
                Waiter.current().relax(0);
            }
        });
        task(0, "first", () -> {
            first = true;
            sleeper.wake();
            done.incrementAndGet();
        });
        task(2, "second", () -> {
            while (!again) {
                Waiter.current().relax(0);
            }
            second = true;
            sleeper.wake();
            done.incrementAndGet();
        });
    }
}
