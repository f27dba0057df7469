package org.smp4j.race.gallery.sched;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.Membarrier;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A call to all CPUs that run a process leaves out the caller's own. */
@RaceFacts(slug = "membarrier-skips-caller",
        title = "sched/membarrier: fix missing local execution of ipi_sync_rq_state()", hash = "fba111913e51",
        certainty = Certainty.VERIFIED, year = 2021, cpus = 2, breaks = Membarrier.NOT_SYNCED,
        symptom = "the CPU of the caller misses the process's barriers from then on",
        shows = {"CPU 1 runs ipi_sync_rq_state"},
        story = """
                Each run queue keeps a copy of what kinds of memory barrier its current process has registered for; a
                barrier goes only to CPUs whose copy says so. Registering changes the process's state and sends a call
                to all CPUs that run the process, to update their copies. The function that calls many CPUs never runs
                on the caller's own, so that copy stayed old until the next switch, and a barrier of another thread
                left this CPU out. Now the call includes the caller's CPU.""")
public final class MembarrierSkipsCaller extends CallScenario implements Race {
    private final Membarrier.Process process = new Membarrier.Process();
    private Membarrier membarrier;

    /** The race. */
    public MembarrierSkipsCaller() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(Membarrier.class, "syncRqStates").replace(call(Smp.class, "onEachCpuMask"))
                .by(hook(MembarrierSkipsCaller.class, "others"));
    }

    @Override
    protected void play() {
        membarrier = new Membarrier(smp(), cpus());
        membarrier.runs(0, process);
        membarrier.runs(1, process);
        on(0, () -> membarrier.register(process));
        on(1, () -> membarrier.expedited(process));
    }

    @Override
    protected void check() {
        membarrier.check(process);
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
