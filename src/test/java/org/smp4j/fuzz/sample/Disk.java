package org.smp4j.fuzz.sample;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.Csd;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.Waiter;

/** A driver on top of calls: requests are completed by a call to a CPU. */
public class Disk {
    private final AtomicInteger inFlight = new AtomicInteger();

    /** Hands a request in; it is completed on a CPU. */
    public int request(Smp smp, int cpu) {
        begins();
        return smp.smpCallFunctionSingleAsync(cpu, new Csd(SmpCallFunc.named("complete", _ -> ends()), null));
    }

    /** Waits until no request is in flight. */
    public int drain() {
        for (int turn = 0; inFlight.get() != 0; turn++) {
            Waiter.current().relax(turn);
        }
        return 0;
    }

    /** Counts a request. */
    void begins() {
        inFlight.incrementAndGet();
    }

    /** Counts a request that is complete. */
    void ends() {
        inFlight.decrementAndGet();
    }

    /** All requests are complete, whatever has happened. */
    public void mustBeIdle() {
        if (inFlight.get() != 0) {
            Exploring.broken("request lost", inFlight.get() + " requests are in flight", List.of());
        }
    }
}
