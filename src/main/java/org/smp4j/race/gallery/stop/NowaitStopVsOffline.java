package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;

import org.smp4j.Machine;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Completion;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.Gap;
import org.smp4j.race.block.LastStop;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A CPU is seen online, and is offline when the work for its stopper is queued. */
@RaceFacts(slug = "nowait-stop-vs-offline", title = "sched: Fix stop_one_cpu_nowait() vs hotplug",
        hash = "f0498d2a54e7", certainty = Certainty.VERIFIED, year = 2023, cpus = 3,
        breaks = "deadlock", symptom = "a task waits forever for a completion", proof = "bound1",
        shows = {"stopper 1 begins", "sees CPU 1 online", "stopper 2 begins", "is refused"},
        story = """
                To move a task off another CPU, the scheduler looks under the run queue's lock whether the CPU is
                online, releases the lock, and queues a work on that CPU's stopper without waiting; the work's function
                completes what the caller waits for. Preemption was on between the release and the queueing. There the
                caller's own stopper can run, and with it the stop_machine that takes the other CPU offline. The
                queueing then fails, and its result is not looked at. Now preemption stays off from before the release
                until the work is queued: stop_machine cannot complete meanwhile. (The scheduler here moves tasks
                without such a work; the scenario has one of its own.)""")
public final class NowaitStopVsOffline extends MachineScenario implements Race {
    private static final int LEAVING = 1;

    private final CpuStopWork work = new CpuStopWork();
    private final Completion done = new Completion();

    /** The race. */
    public NowaitStopVsOffline() {
        super(3);
    }

    @Override
    public Weave parts() {
        return LastStop.explored();
    }

    @Override
    public Weave bug() {
        return Weave.in(NowaitStopVsOffline.class, "affineMoveTask").insert(Gap.inPreemption())
                .before(call(StopMachine.class, "stopOneCpuNowait"));
    }

    @Override
    protected void run(Machine machine) {
        Exploring.stretch(false);
        task(2, "affinity", () -> {
            LastStop.await();
            if (affineMoveTask(machine)) {
                done.waitForCompletion();
            }
        });
        task(0, "cpu_down", () -> machine.hotplug().removeCpu(LEAVING));
    }

    private boolean affineMoveTask(Machine machine) {
        Preempt.disable(); // as under the run queue's lock
        boolean online = machine.cpus().online.testCpu(LEAVING);
        Exploring.note(online ? "sees CPU 1 online" : "sees CPU 1 offline");
        if (online && !machine.stopMachine().stopOneCpuNowait(LEAVING, CpuStopFn.named("migration_cpu_stop", arg -> {
                done.complete();
                return 0;
            }), null, work)) {
            Exploring.note("is refused: the caller does not look");
        }
        Preempt.enable();
        return online;
    }
}
