package org.smp4j.explore.strategy;

import org.smp4j.explore.model.Outcome;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * From some decision on all strands step in turn. Only so do two strands that yield to each other go on for ever: every
 * other strategy delays one of them for a while, and the other gets through. The first schedule begins this where a
 * strand first has to wait, mostly for the strands that it has started; the others begin it after one of the strands
 * has made some steps.
 */
public final class RoundRobinStrategy extends Strategy {
    private static final int SCHEDULES = 12;
    // If the default run is this many times shorter than the step limit, for each strand, a run in turns that ends at
    // all ends within the limit.
    private static final int MARGIN = 4;

    private final Randomness random = new Randomness(0);
    private Conflicts conflicts = new Conflicts();
    private int leader;
    private int lead;

    /**
     * {@return how many schedules are worth making after the default run {@code x}; 0 if that is too long to decide by
     * turns whether a run ends}
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
    public int pick(Run x, Strand current, StrandSet menu) {
        int fallback = x.byDefault(current, menu);
        boolean begins = leader < 0 ? fallback != current.id : leader == current.id && lead <= current.point();
        return begins ? x.roundRobin(current, menu) : fallback;
    }

    @Override
    public void learn(Conflicts learned, long seed) {
        conflicts = learned;
    }
}
