package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.tower.Scaffold.park;
import static org.smp4j.tower.Scaffold.parks;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.sched.Kthread;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/**
 * A kernel thread parks and ends while its CPU is stopped: the stopper may preempt it when it is on its way to be
 * parked, and has yet to say so.
 */
public final class StopAndPark extends MachineScenario {
    /** What is preempted leaves its queue if it was about to sleep. */
    static final Weave AS_IF_ASLEEP = Weave.in(Scheduler.class, "preemptSchedule")
            .replace(call(Scheduler.class, "scheduleLoop"))
            .by(hook(StopAndPark.class, "sleeps"));

    private static final int TARGET = 1;

    private final AtomicInteger stops = new AtomicInteger();

    /** Made for each run. */
    public StopAndPark() {
        super(3);
    }

    @Override
    protected void run(Machine machine) {
        Kthread thread = parks(machine, TARGET, Kthread::kthreadShouldStop);
        task(0, "parker", () -> {
            park(thread);
            thread.kthreadStop();
        });
        task(2, "stop", () -> machine.stopMachine()
                .stopOneCpu(TARGET, CpuStopFn.named("count", _ -> stops.incrementAndGet()), null));
    }

    @Override
    protected void check(Machine machine) {
        hold(stops.get() == 1, "lost work", "a work was queued, " + stops + " ran");
    }

    /**
     * A task is preempted as if it had called schedule.
     *
     * @param scheduler the scheduler
     * @param task the task
     * @param preempt ignored
     */
    public static void sleeps(Scheduler scheduler, Task task, boolean preempt) {
        scheduler.schedule();
    }
}
