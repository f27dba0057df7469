package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.List;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The called functions change what the caller's condition reads before the caller asks it for its own CPU. */
@RaceFacts(slug = "cond-evaluated-after-ipi", title = "smp/scf: Evaluate local cond_func() before IPI side-effects",
        hash = "63a48181fbcd", certainty = Certainty.VERIFIED, year = 2024, cpus = 2, breaks = "local call skipped",
        symptom = "the caller's own part of a call is left out, depending on the timing",
        shows = {"has queued f to CPU 1", "CPU 1 runs f"},
        story = """
                A call to all CPUs that meet a condition asked the condition for the other CPUs, sent the interrupts,
                and asked it for the caller's own CPU last. By then the function may have run elsewhere, and may have
                changed what the condition reads: the caller leaves its own part out, although the condition held when
                the call began. The fix asks for the own CPU first. The calls here follow Linux 6.17, which asks last
                again, as before the fix; so the fixed variant is a caller that asks for itself.""")
public final class CondEvaluatedAfterIpi extends CallScenario implements Race {
    private final SmpCallFunc func = SmpCallFunc.named("f", info -> runs());

    // Written by: the function, on any CPU. Read by: the condition. Ordering: volatile.
    private volatile boolean stale = true;
    // Written by: the function, on CPU 0. Read by: the check. Ordering: volatile.
    private volatile boolean ranHere;

    /** The race. */
    public CondEvaluatedAfterIpi() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(CondEvaluatedAfterIpi.class, "play").lambdas()
                .replace(call(CondEvaluatedAfterIpi.class, "callAll"))
                .by(hook(CondEvaluatedAfterIpi.class, "callAllAskingLast"));
    }

    @Override
    protected void play() {
        on(0, () -> callAll());
    }

    @Override
    protected void check() {
        if (!ranHere) {
            Exploring.broken("local call skipped", "CPU 0 did not run f, although the condition held when it called",
                    List.of());
        }
    }

    private void runs() {
        if (Cpu.current().id == 0) {
            ranHere = true;
        }
        stale = false;
    }

    private void callAll() {
        Preempt.disable();
        boolean here = stale;
        CpuMask others = cpus().online.copy();
        others.clearCpu(0);
        smp().onEachCpuCondMask((cpu, info) -> stale, func, null, true, others);
        if (here) {
            smp().smpCallFunctionSingle(0, func, null, true);
        }
        Preempt.enable();
    }

    /**
     * The old behaviour: one call, which asks for the caller's CPU last.
     *
     * @param race the race
     */
    public static void callAllAskingLast(CondEvaluatedAfterIpi race) {
        Smp smp = race.smp();
        smp.onEachCpuCond((cpu, info) -> race.stale, race.func, null, true);
    }
}
