package org.smp4j.race.gallery.stop;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.StopWorks;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.stop.StopMachine;
import org.smp4j.weave.Weave;

/** A stopper whose wake-up is on its way twice over gets the same work again. */
@RaceFacts(slug = "migrate-swap-vs-balance-push", title = "sched/core: Fix migrate_swap() vs. hotplug",
        hash = "009836b4fa52", certainty = Certainty.VERIFIED, year = 2025, cpus = 2, breaks = "linked twice",
        symptom = "a stopper's list is corrupt", proof = "bound1",
        shows = {"queues for stopper 1: two", "claimed = true", "CPU 1 chooses second",
            "queues for stopper 1", "claimed -> true", "CPU 1 chooses third"},
        story = """
                A CPU that is about to leave pushes a task away at every schedule, by one work that it queues on its
                own stopper; the stopper runs before the next schedule, and so the work is free again. But wake-ups of
                stoppers could be put off: by a caller that stops two CPUs and collects its wake-ups until it has
                released its locks, and once more by the target's list of wake-ups, until its interrupt. In that time
                a second waker finds the stopper claimed, and does not wake it, and the leaving CPU comes to its next
                schedule before the stopper runs: it queues the same work again. Now stoppers are woken at once. (The
                scheduler here moves tasks off an inactive CPU without a work; both variants queue one instead, and it
                leaves the task where it is, which ends soon. The stoppers here refuse a work that is in use; both
                variants take that away, so that the wake-up at once is the fix.)""")
public final class MigrateSwapVsBalancePush extends TaskScenario implements Race {
    private static final String CORE = "org.smp4j.sched.CoreSchedule";
    private static final int LEAVING = 1;
    private static MigrateSwapVsBalancePush current; // of this run

    private final CpuStopWork pushWork = new CpuStopWork();
    private Csd wakeList;
    // Whether a wake-up of the leaving CPU's stopper is on its way. Written by: the stop of two CPUs; the CPU itself
    // when the wake-up arrives. Read by: wakers. Ordering: volatile.
    private volatile boolean claimed;

    /** The race. */
    public MigrateSwapVsBalancePush() {
        super(2);
    }

    @Override
    public Weave parts() {
        return StopWorks.inUseAreAccepted()
                .andIn(CORE, "schedule").insert(hook(MigrateSwapVsBalancePush.class, "balancePush"))
                .before(call(CORE, "contextSwitch"))
                .replace(call(Task.class, "mayRunOn")).by(hook(MigrateSwapVsBalancePush.class, "staysUntilPushed"))
                .andIn(CORE, "pickNext").replace(call(Task.class, "mayRunOn").all(2))
                .by(hook(MigrateSwapVsBalancePush.class, "staysUntilPushed"));
    }

    @Override
    public Weave bug() {
        return Weave.in(StopMachine.class, "queueTwoWorks").replace(call(Scheduler.class, "wakeStopper").all(2))
                .by(hook(MigrateSwapVsBalancePush.class, "wakeLater"))
                .andIn(StopMachine.class, "queueWork").replace(call(Scheduler.class, "wakeStopper"))
                .by(hook(MigrateSwapVsBalancePush.class, "wakeUnlessClaimed"));
    }

    @Override
    protected void play() {
        current = this;
        wakeList = new Csd(SmpCallFunc.named("sched_ttwu_pending", info -> {
            claimed = false;
            scheduler().wakeStopper(LEAVING);
        }), null);
        task(0, "two", () -> stopMachine().stopTwoCpus(0, LEAVING,
                CpuStopFn.named("migrate_swap_stop", arg -> 0), null));
        task(LEAVING, "first", () -> {
            cpus().setCpuActive(LEAVING, false);
            scheduler().yieldCpu();
        });
        task(LEAVING, "second", () -> { });
        task(LEAVING, "third", () -> { });
    }

    /**
     * What a CPU that is about to leave does in each schedule, when the next task is chosen and is not the stopper.
     *
     * @param core the scheduler's core
     * @param cpu the CPU, its run queue locked
     */
    public static void balancePush(Object core, Cpu cpu) {
        Task next = current.scheduler().curr(cpu.id);
        if (cpu.cpus.active.testCpu(cpu.id) || next.isIdleTask()) {
            return;
        }
        Exploring.note(() -> cpu + " chooses " + next.comm());
        current.stopMachine().stopOneCpuNowait(LEAVING, CpuStopFn.named("__balance_push_cpu_stop", arg -> 0), null,
                current.pushWork);
    }

    /**
     * The scheduler itself moves no task off an inactive CPU. Every task here is bound to the CPU where it is queued.
     *
     * @param task the task
     * @param cpu the CPU where it is
     * @return true
     */
    public static boolean staysUntilPushed(Task task, int cpu) {
        return true;
    }

    /**
     * The old behaviour: the wake-up goes through the target's list of wake-ups.
     *
     * @param scheduler the scheduler
     * @param cpu the CPU of the stopper
     */
    public static void wakeLater(Scheduler scheduler, int cpu) {
        if (cpu != LEAVING) {
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
        if (cpu != LEAVING || !current.claimed) {
            scheduler.wakeStopper(cpu);
        }
    }
}
