package org.smp4j.explore.strategy;

import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/** A random walk in which one strand is held back for long, from some step of its own on. */
public final class StarvationStrategy extends RandomStrategy {
    private Conflicts conflicts = new Conflicts();
    private int victim;
    private int from;
    private final StrandSet others = new StrandSet();

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
    public int pick(Run x, Strand current, StrandSet menu) {
        others.set(menu);
        others.remove(victim);
        boolean starved = !others.isEmpty() && victim < x.strandCount() && x.strand(victim).point() >= from;
        return (starved ? others : menu).draw(random);
    }

    @Override
    public void learn(Conflicts learned, long seed) {
        conflicts = learned;
    }
}
