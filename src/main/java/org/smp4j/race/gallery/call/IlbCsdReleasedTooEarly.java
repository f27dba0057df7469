package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicBoolean;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The flag that guards a csd is cleared while the csd is still in use. */
@RaceFacts(slug = "ilb-csd-released-too-early", title = "sched: Fix smp_call_function_single_async() usage for ILB",
        hash = "19a1f5ec6999",
        certainty = Certainty.VERIFIED, year = 2020, cpus = 3, breaks = {"linked twice", "warning: csd_unlock"},
        symptom = "csd queued twice, list corruption",
        shows = {"IlbCsdReleasedTooEarly.kick", "IlbCsdReleasedTooEarly.release", "IlbCsdReleasedTooEarly.kick"},
        story = """
                To make an idle CPU balance load, a CPU sets a flag of the idle CPU, and sends that CPU's csd if the
                flag was clear. The softirq that does the work cleared the flag. But an ordinary tick can also raise
                that softirq, before the interrupt is taken or even sent. The next sender then finds the flag clear
                while the csd is in use, and because the csd's lock is tested and set in two steps, both senders may
                queue it. Now the csd's own function clears the flag: when it runs, the csd is free.""")
public final class IlbCsdReleasedTooEarly extends CallScenario implements Race {
    private final AtomicBoolean kicked = new AtomicBoolean();
    private final Csd csd = new Csd(SmpCallFunc.named("nohz_csd_func", info -> interrupt()), null);

    /** The race. */
    public IlbCsdReleasedTooEarly() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(IlbCsdReleasedTooEarly.class, "interrupt").drop(call(IlbCsdReleasedTooEarly.class, "release"))
                .andIn(IlbCsdReleasedTooEarly.class, "softirq")
                .insert(hook(IlbCsdReleasedTooEarly.class, "releaseLate")).atEntry();
    }

    @Override
    protected void play() {
        on(0, this::kick);
        on(1, this::kick);
        on(2, this::softirq); // of an ordinary tick
    }

    private void kick() {
        if (!kicked.getAndSet(true)) {
            smp().smpCallFunctionSingleAsync(2, csd);
        }
    }

    private void interrupt() {
        release();
        softirq();
    }

    private void release() {
        kicked.set(false);
    }

    private void softirq() {
        // balances
    }

    /**
     * The old behaviour: the softirq clears the flag.
     *
     * @param race the race
     */
    public static void releaseLate(IlbCsdReleasedTooEarly race) {
        if (race.kicked.get()) {
            race.release();
        }
    }
}
