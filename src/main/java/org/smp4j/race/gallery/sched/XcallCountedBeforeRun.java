package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** A thread counts a call as done before it has run it. */
@RaceFacts(slug = "xcall-counted-before-run", title = "NetBSD, xcall: title not known; the call is counted when it ran",
        certainty = Certainty.MEMORY, year = 2019, cpus = 3, breaks = "returned before all had run", proof = "bound2",
        symptom = "a caller goes on while a CPU still runs its function", shows = {"counted", "incrementAndGet"},
        story = """
                To run a function on all CPUs, a thread of each CPU takes it, runs it, and counts; the caller sleeps
                until the count has reached the number of CPUs. A thread counted before it ran the function. The last
                one to count wakes the caller, which goes on, and may free what the function uses, while functions
                still run. Now each thread counts when the function has returned. This one is not of Linux, but of
                NetBSD.""")
public final class XcallCountedBeforeRun extends TaskScenario implements Race {
    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicInteger ran = new AtomicInteger();

    /** The race. */
    public XcallCountedBeforeRun() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(XcallCountedBeforeRun.class, "serve").move(call(XcallCountedBeforeRun.class, "count"))
                .before(call(XcallCountedBeforeRun.class, "function"));
    }

    @Override
    protected void play() {
        Task caller = task(2, "caller", () -> {
            while (counted.get() < 2) {
                Task.current().block();
            }
            if (ran.get() != 2) {
                Exploring.broken("returned before all had run", "two are counted, " + ran + " have run", List.of());
            }
        });
        for (int cpu = 0; cpu < 2; cpu++) {
            task(cpu, "xcall/" + cpu, () -> serve(caller));
        }
    }

    private void serve(Task caller) {
        function();
        count();
        caller.wake();
    }

    private void function() {
        ran.incrementAndGet();
    }

    private void count() {
        counted.incrementAndGet();
    }
}
