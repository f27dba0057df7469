package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;

import java.util.List;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.weave.Weave;

/** A stop work queues itself again, with an argument that was not filled in. */
@RaceFacts(slug = "requeue-with-unset-argument", title = "sched: Fix migration_cpu_stop() requeueing",
        hash = "b8e45e2a14ba", certainty = Certainty.VERIFIED, year = 2021, cpus = 3, breaks = "null argument",
        symptom = "null pointer in a stopper", proof = "bound2",
        shows = {"queues for stopper 1", "stopper 1 begins", "queues for stopper 2", "stopper 2 begins"},
        story = """
                To move a task, a caller publishes a pending request and sends a stop work to the task's CPU, with an
                argument on its own stack. The task may have moved on when the stopper runs. The function then queues
                itself on the task's new CPU, with the argument that is part of the pending request; but only some
                callers had filled that one in. The second stopper got a null task. Now the argument in the request is
                filled in before the request is published, and all callers use it.""")
public final class RequeueWithUnsetArgument extends TaskScenario implements Race {
    /** A task that moves about. */
    private static final class Moving {
        // Written by: what moves the task. Read by: callers and stoppers. Ordering: volatile.
        volatile int cpu = 1;
        // Written by: the caller; the stopper that takes it. Read by: stoppers. Ordering: volatile.
        volatile Pending pending;
    }

    /** A request to move a task. */
    private static final class Pending {
        final CpuStopWork work = new CpuStopWork();
        // Written by: the caller, before the request is published. Read by: stoppers. Ordering: volatile.
        volatile Moving argument;

        void fill(Moving task) {
            argument = task;
        }
    }

    private final CpuStopFn migrate = CpuStopFn.named("migration_cpu_stop", arg -> migrate((Moving) arg, 1));
    private final CpuStopFn again = CpuStopFn.named("migration_cpu_stop", arg -> migrate((Moving) arg, 2));

    /** The race. */
    public RequeueWithUnsetArgument() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(RequeueWithUnsetArgument.class, "setAffinity").drop(call(Pending.class, "fill"));
    }

    @Override
    protected void play() {
        Moving moving = new Moving();
        task(0, "affinity", () -> setAffinity(moving));
        task(2, "balance", () -> moving.cpu = 2);
    }

    private void setAffinity(Moving task) {
        Pending pending = new Pending();
        pending.fill(task);
        task.pending = pending;
        stopMachine().stopOneCpu(1, migrate, task);
    }

    private int migrate(Moving task, int here) {
        if (task == null) {
            Exploring.broken("null argument", "the stopper of CPU " + here + " has no task to move", List.of());
            return 0;
        }
        Pending pending = task.pending;
        if (task.cpu != here && pending != null) {
            task.pending = null;
            stopMachine().stopOneCpuNowait(task.cpu, again, pending.argument, pending.work);
        }
        return 0;
    }
}
