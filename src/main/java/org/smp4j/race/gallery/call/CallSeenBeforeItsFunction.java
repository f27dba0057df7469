package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.OrderedAccess.access;

import java.lang.invoke.VarHandle;
import java.util.List;
import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.PendingWord;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.LlistHead;
import org.smp4j.race.Certainty;
import org.smp4j.race.MemoryModel;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A queued call is seen before its function and argument. */
@RaceFacts(slug = "many-missing-publication-barriers", title = "call_function_many: add missing ordering",
        hash = "45a5791920ae", certainty = Certainty.MEMORY, year = 2011, model = MemoryModel.WEAK, cpus = 2,
        breaks = "wrong argument", symptom = "the target runs the function of an earlier call", proof = "bound2",
        shows = {"is not visible yet"},
        story = """
                The sender of a call wrote function and argument, and then what makes the target find the call,
                without a barrier in between. A target that walks its queue for another call at that moment can see
                the new entry, and the function of the call for which the entry was used before. Now a write barrier
                stands before the publication. Here a queued call is published by a compare-and-exchange that
                releases; the buggy variant has one that only acquires, and no write barrier before.""")
public final class CallSeenBeforeItsFunction extends CallScenario implements Race {
    /** The race. */
    public CallSeenBeforeItsFunction() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(LlistHead.class, "addBatch").weaken(access("FIRST", "compareAndExchange"))
                .to("compareAndExchangeAcquire")
                .andIn(Csd.class, "setLocked").drop(call(VarHandle.class, "storeStoreFence"));
    }

    @Override
    protected void play() {
        SmpCallFunc old = SmpCallFunc.named("old", info -> Exploring.broken("wrong argument",
                "the function of an earlier call has run", List.of()));
        SmpCallFunc now = SmpCallFunc.named("now", info -> { });
        Csd csd = new Csd(old, null);
        on(0, () -> {
            csd.set(now, null);
            smp().smpCallFunctionSingleAsync(1, csd);
        });
        on(1, () -> {
            cpus().cpu(1).sendInterrupt(PendingWord.CALL); // for another call, say
            relax();
        });
    }
}
