package org.smp4j.race.gallery.call;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** Two senders lock the same csd. */
@RaceFacts(slug = "csd-shared-nonatomic-lock", title = "smp: Make CSD lock acquisition atomic for debug mode",
        hash = "35551efb155e",
        certainty = Certainty.VERIFIED, year = 2026, cpus = 3, breaks = {"linked twice", "wrong argument"},
        symptom = "queue linked to itself: endless walk; or one call lost and another run twice",
        proof = "bound1",
        shows = {"getAcquire csd(", "getAcquire csd(", "has queued"},
        story = """
                With debugging on, a call without a waiter used one csd per target, shared by all senders. Its lock
                bit is tested and set in two steps, which is enough only while a single CPU locks the csd. Two senders
                see the bit clear; both set it, fill in the csd and queue it. The second sender finds the node at the
                head of the queue and links it to itself, and the target walks the queue forever. Or the target drains
                the queue in between, and runs the second function in place of the first. A csd per sender, or a lock
                taken in one atomic step, removes the race.""")
public final class CsdSharedNonatomicLock extends CallScenario implements Race {
    private final Csd shared = new Csd(SmpCallFunc.named("none", info -> { }), null);

    /** The race. */
    public CsdSharedNonatomicLock() {
        super(3);
    }

    @Override
    public Weave bug() {
        return Weave.in(CsdSharedNonatomicLock.class, "play").lambdas()
                .replace(call(CsdSharedNonatomicLock.class, "send").all(2))
                .by(hook(CsdSharedNonatomicLock.class, "sendShared"));
    }

    @Override
    protected void play() {
        on(0, () -> send(SmpCallFunc.named("f0", info -> { })));
        on(1, () -> send(SmpCallFunc.named("f1", info -> { })));
    }

    private void send(SmpCallFunc func) {
        smp().smpCallFunctionSingle(2, func, null, false);
    }

    /**
     * The old behaviour: uses the target's csd.
     *
     * @param race the race
     * @param func the function to send
     */
    public static void sendShared(CsdSharedNonatomicLock race, SmpCallFunc func) {
        do {
            while (race.shared.isLocked()) {
                relax();
            }
            race.shared.set(func, null);
        } while (race.smp().smpCallFunctionSingleAsync(2, race.shared) != 0);
    }
}
