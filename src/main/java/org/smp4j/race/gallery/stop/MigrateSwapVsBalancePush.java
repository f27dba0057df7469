package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Preempt;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Scheduler;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A stopper whose wake-up is on its way twice over gets the same work again. */
@RaceFacts(slug = "migrate-swap-vs-balance-push", title = "sched/core: Fix migrate_swap() vs. hotplug",
        hash = "009836b4fa52", certainty = Certainty.VERIFIED, year = 2025, cpus = 2, breaks = "linked twice",
        symptom = "a stopper's list is corrupt", proof = "bound1",
        shows = {"queues for stopper 1: two", "queues for stopper 1"},
        story = """
                A CPU that is about to leave pushes a task away at every schedule, by one work that it queues on its
                own stopper; the stopper runs before the next schedule, and so the work is free again. But wake-ups of
                stoppers could be put off: by a caller that stops two CPUs and collects its wake-ups until it has
                released its locks, and once more by the target's list of wake-ups, until its interrupt. In that time
                a second waker finds the stopper claimed, and does not wake it, and the leaving CPU comes to its next
                schedule before the stopper runs: it queues the same work again. Now stoppers are woken at once. (The
                stoppers here refuse a work that is in use; the buggy variant takes that away too.)""")
public final class MigrateSwapVsBalancePush extends TaskScenario implements Race {
    private static MigrateSwapVsBalancePush current; // of this run

    private final CpuStopWork pushWork = new CpuStopWork();
    private Csd wakeList;
    // Whether a wake-up of a CPU's stopper is on its way. Written by: the stop of two CPUs; the CPU itself when the
    // wake-up arrives. Read by: wakers. Ordering: volatile.
    private volatile boolean claimed;

    /** The race. */
    public MigrateSwapVsBalancePush() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueTwoWorks").replace(call(Scheduler.class, "wakeStopper").all(2))
                .by(hook(MigrateSwapVsBalancePush.class, "wakeLater"))
                .andIn(StopMachine.class, "queueWork").replace(call(Scheduler.class, "wakeStopper"))
                .by(hook(MigrateSwapVsBalancePush.class, "wakeUnlessClaimed"))
                .andIn(StopMachine.class, "stopOneCpuNowait").replace(call(CpuStopWork.class, "claim"))
                .by(hook(MigrateSwapVsBalancePush.class, "notRefused"));
    }

    @Override
    protected void play() {
        current = this;
        wakeList = new Csd(SmpCallFunc.named("sched_ttwu_pending", info -> {
            claimed = false;
            scheduler().wakeStopper(1);
        }), null);
        task(0, "two", () -> stopMachine().stopTwoCpus(0, 1, CpuStopFn.named("migrate_swap_stop", arg -> 0), null));
        task(1, "leaving", () -> {
            balancePush();
            balancePush();
        });
    }

    /** What a CPU that is about to leave does in each schedule. */
    private void balancePush() {
        Preempt.disable();
        stopMachine().stopOneCpuNowait(1, CpuStopFn.named("__balance_push_cpu_stop", arg -> 0), null, pushWork);
        Preempt.enable();
    }

    /**
     * The old behaviour: the wake-up goes through the target's list of wake-ups.
     *
     * @param scheduler the scheduler
     * @param cpu the CPU of the stopper
     */
    public static void wakeLater(Scheduler scheduler, int cpu) {
        if (cpu == 0) {
            scheduler.wakeStopper(cpu);
            return;
        }
        current.claimed = true;
        current.smp().smpCallFunctionSingleAsync(cpu, current.wakeList);
    }

    /**
     * The old behaviour: a stopper that is claimed is not woken.
     *
     * @param scheduler the scheduler
     * @param cpu the CPU of the stopper
     */
    public static void wakeUnlessClaimed(Scheduler scheduler, int cpu) {
        if (cpu == 0 || !current.claimed) {
            scheduler.wakeStopper(cpu);
        }
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
