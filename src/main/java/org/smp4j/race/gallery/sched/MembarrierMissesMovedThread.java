package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Task;
import org.smp4j.weave.Weave;

/** The other half of membarrier-skips-caller: a thread moves to the caller's CPU, which is left out. */
@RaceFacts(slug = "membarrier-misses-moved-thread",
        title = "membarrier: Execute SYNC_CORE on the calling thread", hash = "e45cdc71d1fa",
        certainty = Certainty.VERIFIED, year = 2020, cpus = 2, breaks = "CPU not synced", proof = "bound1",
        symptom = "a thread runs on a CPU that has not been synchronized since code was changed",
        shows = {"the caller picks", "CPU 1 runs ipi_sync_core", "the thread goes on on CPU 0"},
        story = """
                A thread changes code and makes all CPUs that run its process synchronize, so that none runs the old
                code. The caller's own CPU was left out, as returning to user space would synchronize it. But between
                the choice of the CPUs and the end of the call the caller may be preempted, and another thread of the
                process, which has not been synchronized on its CPU yet, may come to the caller's CPU and go on there.
                Now the caller's CPU is one of those that synchronize.""")
public final class MembarrierMissesMovedThread extends TaskScenario implements Race {
    // How often each CPU has synchronized. Written by: the CPU itself. Read by: threads. Ordering: volatile.
    private final AtomicIntegerArray syncs = new AtomicIntegerArray(2);

    // Written by: the caller, when it has picked the CPUs. Read by: the thread that moves. Ordering: volatile.
    private volatile boolean picked;

    // Written by: the caller, when its barrier is complete. Read by: the thread that moved. Ordering: volatile.
    private volatile boolean done;

    private Task thread; // written by the setup, before the tasks begin

    // Whether the thread itself has synchronized, wherever it was.
    // Written by: the CPU that it sits on. Read by: the thread. Ordering: volatile.
    private volatile boolean hit;

    /** The race. */
    public MembarrierMissesMovedThread() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(MembarrierMissesMovedThread.class, "membarrier").replace(call(Smp.class, "onEachCpuMask"))
                .by(hook(MembarrierMissesMovedThread.class, "others"));
    }

    @Override
    protected void play() {
        CpuMask running = CpuMask.of(nrCpus, 0, 1); // which CPUs run the process
        task(0, "caller", () -> {
            membarrier(running);
            done = true;
        });
        thread = task(running, "thread", () -> {
            while (!picked) {
                Waiter.current().relax(0);
            }
            scheduler().setCpusAllowedPtr(Task.current(), CpuMask.of(nrCpus, 0)); // as load balancing does
            Exploring.note("the thread goes on on CPU 0");
            while (!done) {
                scheduler().yieldCpu();
            }
            int cpu = Cpu.rawSmpProcessorId();
            if (!hit && syncs.get(cpu) == 0) {
                Exploring.broken("CPU not synced", "CPU " + cpu + " runs a thread of the process, and neither has "
                        + "synchronized for the barrier that is complete", List.of());
            }
        });
    }

    private void membarrier(CpuMask running) {
        Exploring.note("the caller picks the CPUs of the process");
        picked = true;
        smp().onEachCpuMask(running, SmpCallFunc.named("ipi_sync_core", info -> synchronize()), null, true);
    }

    private void synchronize() {
        syncs.incrementAndGet(Cpu.rawSmpProcessorId());
        if (Task.current() == thread) {
            hit = true;
        }
    }

    /**
     * The old behaviour: without the caller's CPU.
     *
     * @param smp the calls
     * @param mask the CPUs
     * @param func the function
     * @param info its argument
     * @param wait whether to wait
     */
    public static void others(Smp smp, CpuMask mask, SmpCallFunc func, Object info, boolean wait) {
        Preempt.disable();
        smp.smpCallFunctionMany(mask, func, info, wait);
        Preempt.enable();
    }
}
