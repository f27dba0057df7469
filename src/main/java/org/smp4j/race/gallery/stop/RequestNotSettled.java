package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;

import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.weave.Weave;

/** A stopper finds nothing left to do, and does not say so. */
@RaceFacts(slug = "request-not-settled", title = "sched/core: Add missing completion for affine_move_task() waiters",
        hash = "d707faa64d03", certainty = Certainty.VERIFIED, year = 2020, cpus = 3, breaks = "deadlock",
        symptom = "a task that changes another's affinity waits forever", proof = "bound2",
        shows = {"queues for stopper 1", "the task moves to CPU 2", "finds the task where it may run"},
        story = """
                To move a task off a CPU, a caller publishes a request, sends a stop work to the task's CPU, and waits
                until the request is completed. The task may have moved by itself when the stopper runs, to a CPU where
                it may run. The work's function then had nothing to do, and returned without completing the request;
                the caller waited forever. Now each way out of the function completes the request. (The scheduler here
                moves tasks without such a work; the scenario has one of its own.)""")
public final class RequestNotSettled extends TaskScenario implements Race {
    private static final int FORBIDDEN = 1;

    private final CpuStopWork work = new CpuStopWork();
    private final Completion request = new Completion();
    // Whether the task is where it may run. Written by: what moves it. Read by: the stopper. Ordering: volatile.
    private volatile boolean moved;

    /** The race. */
    public RequestNotSettled() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(RequestNotSettled.class, "migrate").drop(call(RequestNotSettled.class, "settle").number(1, 2));
    }

    @Override
    protected void play() {
        task(0, "affinity", () -> {
            stopMachine().stopOneCpuNowait(FORBIDDEN, CpuStopFn.named("migration_cpu_stop", arg -> migrate()), null,
                    work);
            request.waitForCompletion();
        });
        task(2, "balance", () -> {
            Exploring.note("the task moves to CPU 2");
            moved = true;
        });
    }

    private int migrate() {
        if (moved) {
            Exploring.note("finds the task where it may run");
            settle();
        } else {
            moved = true;
            settle();
        }
        return 0;
    }

    private void settle() {
        request.complete();
    }
}
