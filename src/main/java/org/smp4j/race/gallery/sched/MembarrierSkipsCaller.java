package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.lang.invoke.VarHandle;
import java.util.List;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.sched.Membarrier;
import org.smp4j.sched.Mm;
import org.smp4j.sched.Scheduler;
import org.smp4j.weave.Weave;

/** A call to all CPUs that run a process leaves out the caller's own. */
@RaceFacts(slug = "membarrier-skips-caller",
        title = "sched/membarrier: fix missing local execution of ipi_sync_rq_state()", hash = "fba111913e51",
        certainty = Certainty.VERIFIED, year = 2021, cpus = 2, breaks = "CPU not synced", proof = "bound1",
        symptom = "the CPU of the caller misses the process's barriers from then on",
        shows = {"CPU 1 runs ipi_sync_rq_state", "the process is registered"},
        story = """
                Each run queue keeps a copy of what kinds of memory barrier its current process has registered for; a
                barrier goes only to CPUs whose copy says so. Registering changes the process's state and sends a call
                to all CPUs that run the process, to update their copies. The function that calls many CPUs never runs
                on the caller's own, so that copy stayed old until the next switch, and a barrier of another thread
                left this CPU out. Now the call includes the caller's CPU.""")
public final class MembarrierSkipsCaller extends TaskScenario implements Race {
    private static final VarHandle RUN_QUEUES = Fields.field(Scheduler.class.getName(), "runQueues");
    private static final VarHandle COPY = Fields.field("org.smp4j.sched.RunQueue", "membarrierState");

    private final Mm mm = new Mm();

    // Written by: the thread on CPU 1. Read by: that on CPU 0. Ordering: volatile.
    private volatile boolean joined;

    // Written by: the thread on CPU 0, when it has registered. Read by: that on CPU 1. Ordering: volatile.
    private volatile boolean registered;

    /** The race. */
    public MembarrierSkipsCaller() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(Membarrier.class, "syncRunqueuesMembarrierState").replace(call(Smp.class, "onEachCpuMask"))
                .by(hook(MembarrierSkipsCaller.class, "others"));
    }

    @Override
    protected void play() {
        Membarrier membarrier = new Membarrier(scheduler(), hotplugLock());
        task(0, "registers", () -> {
            mm.kthreadUse();
            while (!joined) {
                Waiter.current().relax(0);
            }
            membarrier.registerGlobalExpedited();
            Exploring.note("the process is registered");
            mustKnow(0);
            mustKnow(1);
            registered = true;
            mm.kthreadUnuse();
        });
        task(1, "thread", () -> {
            mm.kthreadUse();
            joined = true;
            while (!registered) {
                Waiter.current().relax(0);
            }
            mm.kthreadUnuse();
        });
    }

    /** Checks the copy of a CPU that runs the process. */
    private void mustKnow(int cpu) {
        if ((int) COPY.get(((Object[]) RUN_QUEUES.get(scheduler()))[cpu]) == 0) {
            Exploring.broken("CPU not synced", "CPU " + cpu + " runs a process that has registered for barriers, and "
                    + "does not know it", List.of());
        }
    }

    /**
     * The old behaviour: a function that leaves out the caller.
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
