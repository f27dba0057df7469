package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** A parked thread of one CPU goes on before it is bound to that CPU again. */
@RaceFacts(slug = "unpark-on-wrong-cpu",
        title = "kthread: Prevent unpark race which puts threads on the wrong cpu", hash = "f2530dc71cf0",
        certainty = Certainty.VERIFIED, year = 2013, cpus = 3, breaks = "thread on the wrong CPU",
        symptom = "a thread of one CPU runs on another", proof = "bound2",
        shows = {"shouldPark = false"},
        story = """
                While a CPU is down, its threads are parked, and may be bound to no CPU in particular. Unparking
                cleared the request to park, then bound the thread to its CPU, then woke it. A parked thread slept in
                an ordinary state, so that a stray wake-up could reach it between the first two steps: it found no
                request, left its loop, and went on wherever it was. Now a parked thread sleeps in a state of its own,
                which only unparking wakes, and it is bound before that. Here the order alone is the fix,
                and a field stands for the binding.""")
public final class UnparkOnWrongCpu extends TaskScenario implements Race {
    private static final int HOME = 1;
    private static final int ANY = -1;

    // Written by: the unparking task. Read by: the parked thread. Ordering: volatile.
    private volatile boolean shouldPark = true;
    // Written by: the unparking task. Read by: the parked thread, when it goes on. Ordering: volatile.
    private volatile int boundTo = ANY;

    /** The race. */
    public UnparkOnWrongCpu() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(UnparkOnWrongCpu.class, "unpark").move(call(UnparkOnWrongCpu.class, "clearShouldPark"))
                .before(call(UnparkOnWrongCpu.class, "bind"));
    }

    @Override
    protected void play() {
        Task parked = task(1, "parked", () -> {
            while (shouldPark) {
                Task.current().block();
            }
            if (boundTo != HOME) {
                Exploring.broken("thread on the wrong CPU", "the thread of CPU " + HOME
                        + " goes on, and may run anywhere", List.of());
            }
        });
        task(0, "unpark", () -> unpark(parked));
        task(2, "stray", parked::wake);
    }

    private void unpark(Task parked) {
        bind();
        clearShouldPark();
        parked.wake();
    }

    private void bind() {
        boundTo = HOME;
    }

    private void clearShouldPark() {
        shouldPark = false;
    }
}
