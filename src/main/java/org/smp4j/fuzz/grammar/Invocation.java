package org.smp4j.fuzz.grammar;

import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;

/** One time that an operation passes its function to the tower. */
public final class Invocation {
    private final Step step;
    private final AtomicBoolean marked = new AtomicBoolean();
    private final AtomicInteger ran = new AtomicInteger();

    Invocation(Step step) {
        this.step = step;
    }

    void ran() {
        ran.incrementAndGet();
    }

    /** {@return how often the function has run for this time; no step of the explorer} */
    public int times() {
        int[] times = new int[1];
        Exploring.quietly(() -> times[0] = ran.get());
        return times[0];
    }

    /** Reports, visibly for other threads, that the function has run. Its last act. */
    public void mark() {
        marked.set(true);
    }

    /** {@return whether that was reported; a step of the explorer} */
    public boolean isMarked() {
        return marked.get();
    }

    /**
     * Checks that the function has run, as the operation has waited for it.
     *
     * @param times how often
     */
    public void mustHaveRun(int times) {
        int seen = times();
        if (seen < times) {
            Exploring.broken("returned early", step + " has returned, and its function has run " + seen + " of " + times
                    + " times", List.of());
        }
    }
}
