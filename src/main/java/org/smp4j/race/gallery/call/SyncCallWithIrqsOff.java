package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** Two CPUs call each other with IRQs off. */
@RaceFacts(slug = "sync-call-with-irqs-off", title = "MIPS: Use async IPIs for arch_trigger_cpumask_backtrace()",
        hash = "b63e132b6433",
        certainty = Certainty.VERIFIED, year = 2018, cpus = 2, breaks = "deadlock", symptom = "both CPUs spin forever",
        shows = {"waits for backtrace to CPU 1", "waits for backtrace to CPU 0", "has queued", "has queued"},
        story = """
                A CPU that waits for a call serves the calls of other CPUs meanwhile, but only with IRQs on. Two CPUs
                that wait for each other with IRQs off never take the interrupt that the other waits for. The same
                mistake was made, and found, several times: in the MIPS backtraces, in tick_setup_device, in the AMD
                machine check code, in kgdb. A caller with IRQs off sends a csd of its own and does not wait.""")
public final class SyncCallWithIrqsOff extends CallScenario implements Race {
    private static final SmpCallFunc BACKTRACE = SmpCallFunc.named("backtrace", info -> { });

    /** The race. */
    public SyncCallWithIrqsOff() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(SyncCallWithIrqsOff.class, "ask").replace(call(SyncCallWithIrqsOff.class, "send"))
                .by(hook(SyncCallWithIrqsOff.class, "sendAndWait"));
    }

    @Override
    protected void play() {
        on(0, () -> ask(1));
        on(1, () -> ask(0));
    }

    private void ask(int other) {
        boolean flags = LocalIrq.save();
        send(other);
        LocalIrq.restore(flags);
    }

    private void send(int other) {
        smp().smpCallFunctionSingleAsync(other, new Csd(BACKTRACE, null));
    }

    /**
     * The old behaviour: waits.
     *
     * @param race the race
     * @param other the CPU to call
     */
    public static void sendAndWait(SyncCallWithIrqsOff race, int other) {
        race.smp().smpCallFunctionSingle(other, BACKTRACE, null, true);
    }
}
