package org.smp4j.explore.strategy;

import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Outcome;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Strategy;

/**
 * From some decision on all strands have their turns, in order. Two that make way for each other do so for ever only
 * then: where one of them is held up for a while, and all other strategies hold up, the other gets through. In the
 * first schedule this begins where a strand has to wait for the first time, mostly for those that it has started; in
 * the others one of the strands has made some steps before.
 */
public final class RoundRobinStrategy extends Strategy {
    private static final int SCHEDULES = 12;
    // A run that by default is so many times shorter than the limit, for each strand, stays below it by turns as well
    // if it has an end.
    private static final int MARGIN = 4;

    private final Randomness random = new Randomness(0);
    private Conflicts conflicts = new Conflicts();
    private int leader;
    private int lead;

    /**
     * {@return how many schedules are worth making; the default one was just made, and none is if it is too long to
     * tell by turns whether a run has an end}
     */
    public static int schedules(Run x) {
        return x.outcome() == Outcome.COMPLETE && (long) x.steps() * x.strandCount() * MARGIN <= x.stepLimit()
                ? SCHEDULES : 0;
    }

    @Override
    public String name() {
        return "turns";
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        random.seed(seed);
        leader = schedule == 0 ? -1 : conflicts.strand(random);
        lead = schedule == 0 ? 0 : conflicts.point(leader, random.fraction());
        return this;
    }

    @Override
    public int pick(Run x, Strand current, long menu) {
        int fallback = x.byDefault(current, menu);
        boolean begins = leader < 0 ? fallback != current.id : leader == current.id && lead <= current.point();
        return begins ? x.roundRobin(current, menu) : fallback;
    }

    @Override
    public void learn(Conflicts learned, long seed) {
        conflicts = learned;
    }
}
