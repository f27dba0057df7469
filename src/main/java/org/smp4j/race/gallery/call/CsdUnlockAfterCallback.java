package org.smp4j.race.gallery.call;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.UnlockAfterFunction;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.oracle.Oracles;
import org.smp4j.weave.Weave;

/** A csd is unlocked after its function has told the owner that it is free. */
@RaceFacts(slug = "csd-unlock-after-callback", title = "smp: Fix smp_call_function_single_async() locking",
        hash = "8053871d0f7f", certainty = Certainty.TITLE_ONLY, year = 2015, cpus = 2, breaks = "use after release",
        symptom = "unlock of a csd that was freed",
        shows = {"has queued report to CPU 1", "CPU 1 runs report", "gives csd(report) up", "Csd.unlock"},
        story = """
                The lock of a csd without a waiter was released after its function had run. But the function may be
                what tells the owner that the csd is free: the owner frees or reuses it, and the target then clears a
                bit in it. Now the target copies function and argument, unlocks the csd, and only then runs the
                function.""")
public final class CsdUnlockAfterCallback extends CallScenario implements Race {
    private volatile boolean done; // Written by: the function. Read by: the owner. Ordering: volatile.

    /** The race. */
    public CsdUnlockAfterCallback() {
        super(2);
    }

    @Override
    public Weave bug() {
        return UnlockAfterFunction.weave();
    }

    @Override
    protected void play() {
        on(0, () -> {
            Csd csd = new Csd(SmpCallFunc.named("report", info -> done = true), null);
            smp().smpCallFunctionSingleAsync(1, csd);
            while (!done) {
                relax();
            }
            Oracles.freed(csd);
        });
    }
}
