package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.stream.Stream;
import org.smp4j.call.CallMany;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Preempt;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Warnings;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The other half of sync-call-with-irqs-off: an interrupt comes within a call, and calls with the same data. */
@RaceFacts(slug = "sync-call-from-interrupt-of-call",
        title = "kgdb: Fix kgdb_roundup_cpus() for arches who used smp_call_function()", hash = "3cd99ac35598",
        certainty = Certainty.VERIFIED, year = 2018, cpus = 3, breaks = "deadlock", proof = "bound1",
        symptom = "a handler spins for call data that the call holds which it has interrupted",
        shows = {"has queued earlier to CPU 2", "has queued f to CPU 1", "the interrupt of CPU 0 gathers"},
        story = """
                A CPU has one set of data for its calls to many CPUs, a csd for each target. A call has queued its csd
                to the first target, and waits for that of the second, which an earlier call still uses; it sends the
                interrupts when all csds are queued. An interrupt comes in this wait, and its handler makes such a
                call too: a debugger gathers the CPUs, or a backtrace of all is wanted. The handler spins for the
                first csd, with IRQs off. Its target was not interrupted yet, and will not be before the handler has
                returned. Now the handler sends csds of its own and does not wait.""")
public final class SyncCallFromInterruptOfCall extends CallScenario implements Race {
    private static final SmpCallFunc ROUND_UP = SmpCallFunc.named("round_up", info -> { });

    private final Csd[] csds = Stream.generate(() -> new Csd(ROUND_UP, null)).limit(nrCpus).toArray(Csd[]::new);

    /** The race. */
    public SyncCallFromInterruptOfCall() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(SyncCallFromInterruptOfCall.class, "interrupted")
                .replace(call(SyncCallFromInterruptOfCall.class, "roundUp"))
                .by(hook(SyncCallFromInterruptOfCall.class, "callAndWait"));
    }

    @Override
    protected boolean expects(Warnings.Warning warning) {
        return warning.site() == CallMany.MANY_IRQS_OFF || warning.site() == CallMany.MANY_NOT_TASK;
    }

    @Override
    protected void play() {
        cpus().installTimer(cpu -> interrupted());
        on(0, () -> {
            Preempt.disable();
            smp().smpCallFunctionMany(CpuMask.of(nrCpus, 2), SmpCallFunc.named("earlier", info -> { }), null, false);
            smp().smpCallFunctionMany(CpuMask.of(nrCpus, 1, 2), SmpCallFunc.named("f", info -> { }), null, true);
            Preempt.enable();
        });
        on(2, () -> cpus().cpu(0).sendInterrupt(PendingWord.TIMER)); // for which CPU 0 gathers all
    }

    private void interrupted() {
        Exploring.note("the interrupt of CPU 0 gathers the CPUs");
        roundUp();
    }

    private void roundUp() {
        for (int cpu = 1; cpu < nrCpus; cpu++) {
            smp().smpCallFunctionSingleAsync(cpu, csds[cpu]);
        }
    }

    /**
     * The old behaviour: calls all at once, and waits.
     *
     * @param race the race
     */
    public static void callAndWait(SyncCallFromInterruptOfCall race) {
        race.smp().smpCallFunction(ROUND_UP, null, true);
    }
}
