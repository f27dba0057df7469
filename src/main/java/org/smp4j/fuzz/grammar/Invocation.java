package org.smp4j.fuzz.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.handover.HandOver;
import org.smp4j.fuzz.rule.ProgramRule;

/** One time that an operation passes its function to the tower. */
public final class Invocation {
    private final Step step;
    private final AtomicBoolean marked = new AtomicBoolean();
    private final AtomicInteger ran = new AtomicInteger();
    private final HandOver passed;
    private final List<HandOver> done = new ArrayList<>(); // guarded by itself

    Invocation(Step step) {
        this.step = step;
        passed = HandOver.written("the caller of ", step);
    }

    /** The function begins. */
    void begins() {
        passed.mustBeSeen("the function of ", step);
    }

    /** The function has run. */
    void ran() {
        HandOver effect = HandOver.written("the function of ", step);
        Exploring.quietly(() -> {
            synchronized (done) {
                done.add(effect);
            }
            ran.incrementAndGet();
        });
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
            ProgramRule.broken("returned early", step + " has returned, and its function has run " + seen + " of "
                    + times + " times");
        }
        if (seen == times) { // more often than it waits for: some of them may have no order with it
            List<HandOver> effects = new ArrayList<>();
            Exploring.quietly(() -> {
                synchronized (done) {
                    effects.addAll(done);
                }
            });
            effects.forEach(each -> each.mustBeSeen("the caller of ", step));
        }
    }
}
