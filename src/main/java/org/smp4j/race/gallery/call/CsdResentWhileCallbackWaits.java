package org.smp4j.race.gallery.call;

import org.smp4j.call.Csd;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.race.block.UnlockAfterFunction;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** The other half of csd-unlock-after-callback: the owner waits for the csd, and its function for the owner. */
@RaceFacts(slug = "csd-resent-while-callback-waits", title = "smp: Fix smp_call_function_single_async() locking",
        hash = "8053871d0f7f", certainty = Certainty.TITLE_ONLY, year = 2015, cpus = 2, breaks = "deadlock",
        symptom = "the owner spins for the csd with IRQs off, its function spins for a lock that the owner holds",
        shows = {"CPU 0 spins", "CPU 1 spins", "has queued expire to CPU 1", "RawSpinLock.acquire", "CPU 1 runs expire",
            "RawSpinLock.acquire"},
        story = """
                The lock of a csd without a waiter was released after its function had run. An owner that sends the
                csd again waits for that lock. It may do so with a spin lock held and IRQs off, as timers do, and the
                function may want the same spin lock: then the owner waits for the function to end, and the function
                for the owner. Now the target copies function and argument, unlocks the csd, and only then runs the
                function, so that a csd whose function has begun can be sent again at once.""")
public final class CsdResentWhileCallbackWaits extends CallScenario implements Race {
    private final RawSpinLock lock = new RawSpinLock(); // guards what the function looks after
    private final Csd csd = new Csd(SmpCallFunc.named("expire", info -> expire()), null);

    /** The race. */
    public CsdResentWhileCallbackWaits() {
        super(2);
    }

    @Override
    public Weave bug() {
        return UnlockAfterFunction.weave();
    }

    @Override
    protected void play() {
        on(0, () -> {
            send();
            int flags = lock.lock(Waiter.current());
            send();
            lock.unlock(Waiter.current(), flags);
        });
    }

    /** As {@code smp_call_function_single_async} was then: waits until the csd is unlocked. */
    private void send() {
        do {
            while (csd.isLocked()) {
                relax();
            }
        } while (smp().smpCallFunctionSingleAsync(1, csd) != 0);
    }

    private void expire() {
        int flags = lock.lock(Waiter.current());
        lock.unlock(Waiter.current(), flags);
    }
}
