package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Scheduler;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** The first of two stoppers takes the CPU from the caller that has not woken the second yet. */
@RaceFacts(slug = "stop-two-wake-loop-preempted",
        title = "stop_machine: Disable preemption when waking two stopper threads", hash = "9fb8d5dc4b64",
        certainty = Certainty.TITLE_ONLY, year = 2018, cpus = 2, breaks = "deadlock",
        symptom = "a stopper waits for another that is never woken", proof = "bound2",
        shows = {"which has not been woken", "queues for stopper 0", "queues for stopper 1", "stopper 0 begins"},
        story = """
                A stop of two CPUs queued both works, released the locks and woke the two stoppers one after the
                other, with preemption enabled. A stopper preempts every task. If the first stopper is that of the
                caller's own CPU, it takes the CPU at once and waits there for the second stopper. Only the caller can
                wake the second stopper, and the caller never runs again. Now preemption stays disabled until both are
                awake.""")
public final class StopTwoWakeLoopPreempted extends TaskScenario implements Race {
    /** The race. */
    public StopTwoWakeLoopPreempted() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueTwoWorks").drop(call(Cpu.class, "preemptEnable"))
                .insert(hook(Preempt.class, "enable")).after(call(RawSpinLock.class, "unlock"))
                .replace(call(Scheduler.class, "wakeStopper").all(2)).by(hook(StopTwoWakeLoopPreempted.class, "wake"));
    }

    @Override
    protected void play() {
        task(0, "two", () -> stopMachine().stopTwoCpus(0, 1, CpuStopFn.named("nothing", arg -> 0), null));
    }

    /**
     * A wake-up by a preemptible caller, which therefore reschedules afterwards.
     *
     * @param scheduler the scheduler
     * @param cpu the CPU of the stopper
     */
    public static void wake(Scheduler scheduler, int cpu) {
        Preempt.disable();
        scheduler.wakeStopper(cpu);
        Preempt.enable();
    }
}
