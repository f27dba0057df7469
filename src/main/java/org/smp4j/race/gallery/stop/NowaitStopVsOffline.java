package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;

import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.Gap;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A CPU is seen online, and is offline when the work for its stopper is queued. */
@RaceFacts(slug = "nowait-stop-vs-offline", title = "sched: Fix stop_one_cpu_nowait() vs hotplug",
        hash = "f0498d2a54e7", certainty = Certainty.VERIFIED, year = 2023, cpus = 3,
        breaks = "deadlock", symptom = "a task waits forever for a completion", proof = "bound1",
        shows = {"stopper 1 begins"},
        story = """
                To move a task off another CPU, the scheduler looks under the run queue's lock whether the CPU is
                online, releases the lock, and queues a work on that CPU's stopper without waiting; the work's function
                completes what the caller waits for. Preemption was on between the release and the queueing. There the
                caller's own stopper can run, and with it the stop_machine that takes the other CPU offline. The
                queueing then fails, and its result is not looked at. Now preemption stays off from before the release
                until the work is queued: stop_machine cannot complete meanwhile.""")
public final class NowaitStopVsOffline extends TaskScenario implements Race {
    private final CpuStopWork work = new CpuStopWork();
    private final Completion done = new Completion();

    /** The race. */
    public NowaitStopVsOffline() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(NowaitStopVsOffline.class, "affineMoveTask").insert(Gap.inPreemption())
                .before(call(StopMachine.class, "stopOneCpuNowait"));
    }

    @Override
    protected void play() {
        task(0, "affinity", () -> {
            if (affineMoveTask()) {
                done.waitForCompletion();
            }
        });
        task(2, "cpu_down", () -> stopMachine().stopMachine(CpuStopFn.named("take_cpu_down", arg -> dies()), null,
                CpuMask.of(nrCpus, 1)));
    }

    private boolean affineMoveTask() {
        Preempt.disable(); // as under the run queue's lock
        boolean online = cpus().online.testCpu(1);
        if (online) {
            stopMachine().stopOneCpuNowait(1, CpuStopFn.named("migration_cpu_stop", arg -> {
                done.complete();
                return 0;
            }), null, work);
        }
        Preempt.enable();
        return online;
    }

    private int dies() {
        cpus().setCpuOnline(1, false);
        smp().smpcfdDyingCpu();
        stopMachine().stopMachinePark(1);
        return 0;
    }
}
