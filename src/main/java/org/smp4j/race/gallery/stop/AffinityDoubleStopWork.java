package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.cpu.Preempt;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** Two callers find the same pending request, and both queue its stop work. */
@RaceFacts(slug = "affinity-double-stop-work", title = "sched: Fix affine_move_task() self-concurrency",
        hash = "de8115ef5c83", certainty = Certainty.VERIFIED, year = 2021, cpus = 3, breaks = "linked twice",
        symptom = "a stopper's list loses works, or has no end", proof = "bound1",
        shows = {"queues for stopper 1"},
        story = """
                Callers that change the affinity of the same task share one pending request, which has the stop work
                in it. The first installs the request, releases the lock and queues the work. The second finds the
                request, and queued the work once more, perhaps before the stopper had run it. Now a bit in the
                request, under the lock, says that its work is queued, and only the caller that sets the bit queues.
                (The stoppers here refuse a work that is in use, which the kernel's do not; the buggy variant takes
                that away too.)""")
public final class AffinityDoubleStopWork extends TaskScenario implements Race {
    private final RawSpinLock lock = new RawSpinLock();
    private final CpuStopWork work = new CpuStopWork();
    private boolean stopPending; // guarded by lock

    /** The race. */
    public AffinityDoubleStopWork() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(AffinityDoubleStopWork.class, "affineMoveTask").ignore("stopPending")
                .andIn(StopMachine.class, "stopOneCpuNowait").replace(call(CpuStopWork.class, "claim"))
                .by(hook(AffinityDoubleStopWork.class, "notRefused"));
    }

    @Override
    protected void play() {
        task(0, "first", this::affineMoveTask);
        task(2, "second", this::affineMoveTask);
    }

    private void affineMoveTask() {
        Waiter self = Waiter.current();
        Preempt.disable();
        lock.acquire(self);
        boolean queues = !stopPending;
        stopPending = true;
        lock.release();
        if (queues) {
            stopMachine().stopOneCpuNowait(1, CpuStopFn.named("migration_cpu_stop", arg -> {
                lock.acquire(Waiter.current());
                stopPending = false;
                lock.release();
                return 0;
            }), null, work);
        }
        Preempt.enable();
    }

    /**
     * The kernel does not look whether a work is in use.
     *
     * @param work the work
     * @return true
     */
    public static boolean notRefused(CpuStopWork work) {
        return true;
    }
}
