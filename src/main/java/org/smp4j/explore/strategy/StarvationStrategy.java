package org.smp4j.explore.strategy;

import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Strategy;

/** A random walk in which one strand is held back for long, from some step of its own on. */
public final class StarvationStrategy extends RandomStrategy {
    private Conflicts conflicts = new Conflicts();
    private int victim;
    private int from;

    @Override
    public String name() {
        return "starvation";
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        victim = conflicts.strand(random);
        from = conflicts.point(victim, random.fraction());
        return this;
    }

    @Override
    public int pick(Run x, Strand current, long menu) {
        long others = menu & ~(1L << victim);
        boolean starved = others != 0 && victim < x.strandCount() && x.strand(victim).point() >= from;
        return random.bitOf(starved ? others : menu);
    }

    @Override
    public void learn(Conflicts learned, long seed) {
        conflicts = learned;
    }
}
