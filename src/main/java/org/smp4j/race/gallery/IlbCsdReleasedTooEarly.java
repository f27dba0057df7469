package org.smp4j.race.gallery;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicBoolean;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.race.Certainty;
import org.smp4j.race.Fixed;
import org.smp4j.race.Race;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The flag that guards a csd is cleared while the csd is still on its way. */
@Fixed(slug = "ilb-csd-released-too-early", title = "sched: Fix smp_call_function_single_async() usage for ILB", hash = "19a1f5ec6999",
        certainty = Certainty.VERIFIED, year = 2020, cpus = 3, breaks = {"linked twice", "warning: csd_unlock"},
        symptom = "csd queued twice, list corruption",
        story = """
                Who wants an idle CPU to balance sets a flag of that CPU, and if it was clear sends the CPU's csd. The flag was cleared by the softirq that does
                the work. But that can come from an ordinary tick, too, before the interrupt is taken or even sent: the next one finds the flag clear while the
                csd is in use, and since its lock is tested and set in two steps both may queue it. Now the function of the csd clears the flag: it runs when
                the csd is free.""")
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
                .andIn(IlbCsdReleasedTooEarly.class, "softirq").insert(hook(IlbCsdReleasedTooEarly.class, "releaseLate")).atEntry();
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
     * As it was: the softirq clears the flag.
     *
     * @param race the race
     */
    public static void releaseLate(IlbCsdReleasedTooEarly race) {
        if (race.kicked.get()) {
            race.release();
        }
    }
}
