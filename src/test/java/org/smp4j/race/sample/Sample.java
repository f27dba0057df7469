package org.smp4j.race.sample;

import static org.smp4j.weave.Call.call;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;
import org.smp4j.race.Certainty;
import org.smp4j.race.Race;
import org.smp4j.race.RaceFacts;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** A race that is in no kernel: a class like this is all that one takes. */
@RaceFacts(slug = "sample", title = "sample: Count", hash = "0123456789ab", certainty = Certainty.MEMORY, year = 2000,
        cpus = 2, breaks = "miscounted", symptom = "one count too few", shows = "FAILED", story = "No task counts.")
public final class Sample extends CallScenario implements Race {
    private final AtomicInteger count = new AtomicInteger();

    /** The race. */
    public Sample() {
        super(2);
    }

    @Override
    public Weave bug() {
        return Weave.in(Sample.class, "count").drop(call(AtomicInteger.class, "incrementAndGet"));
    }

    @Override
    protected void play() {
        on(0, this::count);
        on(1, this::count);
    }

    @Override
    protected void check() {
        if (count.get() != 2) {
            Exploring.broken("miscounted", "counted " + count.get(), java.util.List.of());
        }
    }

    private void count() {
        count.incrementAndGet();
    }
}
