package org.smp4j.race.gallery.stop;

import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.StopWorks;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** Two callers find the same pending request, and both queue its stop work. */
@RaceFacts(slug = "affinity-double-stop-work", title = "sched: Fix affine_move_task() self-concurrency",
        hash = "de8115ef5c83", certainty = Certainty.VERIFIED, year = 2021, cpus = 3, breaks = "linked twice",
        symptom = "a stopper's list loses works, or has no end", proof = "bound1",
        shows = {"installs the request", "queues for stopper 1", "finds the request"},
        story = """
                Callers that change the affinity of the same task share one pending request, which has the stop work
                in it. The first installs the request, releases the lock and queues the work. The second finds the
                request, and queued the work once more, perhaps before the stopper had run it. Now a bit in the
                request, under the lock, says that its work is queued, and only the caller that sets the bit queues.
                (The stoppers here refuse a work that is in use, which the kernel's do not; both variants take that
                away, so that the bit alone is the fix.)""")
public final class AffinityDoubleStopWork extends TaskScenario implements Race {
    private final RawSpinLock lock = new RawSpinLock();
    private final CpuStopWork work = new CpuStopWork();
    private boolean installed; // guarded by lock: the request, until the work's function has completed it
    private boolean stopPending; // guarded by lock: the request's work is queued

    /** The race. */
    public AffinityDoubleStopWork() {
        super(3);
    }

    @Override
    public Weave parts() {
        return StopWorks.inUseAreAccepted();
    }

    @Override
    public Weave bug() {
        return Weave.in(AffinityDoubleStopWork.class, "affineMoveTask").ignore("stopPending");
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
        Exploring.note(installed ? "finds the request" : "installs the request");
        installed = true;
        boolean queues = !stopPending;
        stopPending = true;
        lock.release();
        if (queues) {
            stopMachine().stopOneCpuNowait(1, CpuStopFn.named("migration_cpu_stop", arg -> {
                lock.acquire(Waiter.current());
                installed = false;
                stopPending = false;
                lock.release();
                return 0;
            }), null, work);
        }
        Preempt.enable();
    }
}
