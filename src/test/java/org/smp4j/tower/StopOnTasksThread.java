package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.cpu.Cpu;
import org.smp4j.scenario.MachineScenario;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.CpuStopWork;
import org.smp4j.weave.Weave;

/**
 * A stopper runs on the thread of the task that it interrupts. An interrupt that brings it more work comes before it
 * has the thread, while it has it, or after.
 */
public final class StopOnTasksThread extends MachineScenario {
    /** Preemption is on before the thread is the stopper's. */
    static final Weave PREEMPTIBLE_BEFORE = Weave.in("org.smp4j.sched.CoreSchedule", "runStopper")
            .drop(call(Cpu.class, "preemptCountSub"))
            .insert(hook(StopOnTasksThread.class, "begins")).atEntry();

    private static final int WORKS = 2;

    private final AtomicInteger queued = new AtomicInteger();
    private final AtomicInteger ran = new AtomicInteger();

    /** Made for each run. */
    public StopOnTasksThread() {
        super(2);
    }

    @Override
    protected void run(Machine machine) {
        CpuStopFn count = CpuStopFn.named("count", _ -> ran.incrementAndGet() & 0);
        device(1, "device", WORKS, () -> {
            queued.incrementAndGet();
            machine.stopMachine().stopOneCpuNowait(1, count, null, new CpuStopWork());
        });
        task(1, "task", () -> {
            for (int i = 0; i <= WORKS; i++) {
                machine.scheduler().schedule();
            }
        });
    }

    @Override
    protected void check(Machine machine) {
        hold(ran.get() == queued.get(), "lost work", queued + " works were queued, " + ran + " ran");
    }

    /**
     * Preemption goes on at once.
     *
     * @param schedule the scheduler of the CPU
     * @param cpu the CPU
     */
    public static void begins(Object schedule, Cpu cpu) {
        cpu.preemptCountSub(1);
    }
}
