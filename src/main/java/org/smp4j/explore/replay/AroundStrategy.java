package org.smp4j.explore.replay;

import java.util.BitSet;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.strategy.RandomStrategy;

/**
 * Repeats an earlier run up to the first access to one of some plain fields, which raced in that run. From there on the
 * schedule is random, and in every other schedule strands wait there for each other as long as they can.
 */
public final class AroundStrategy extends RandomStrategy {
    private final ReplayStrategy before;
    private final BitSet fields;
    private boolean there;
    private boolean gathers;
    private final StrandSet others = new StrandSet();

    /** Makes one that repeats the run with these departures up to the first access to one of the fields. */
    public AroundStrategy(Departures departures, BitSet fields) {
        before = new ReplayStrategy(departures);
        this.fields = fields;
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        before.begin(x, schedule, seed);
        there = false;
        gathers = (seed & 1) == 0;
        return this;
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        there |= isThere(current);
        if (!there) {
            return before.pick(x, current, menu);
        }
        others.clear();
        for (int id = gathers ? menu.next(0) : -1; id >= 0; id = menu.next(id + 1)) {
            if (!isThere(x.strand(id))) {
                others.add(id);
            }
        }
        return (others.isEmpty() ? menu : others).draw(random);
    }

    private boolean isThere(Strand strand) {
        return (strand.mode() & Access.PLAIN) != 0 && fields.get(Sites.fieldOf(strand.site()));
    }

    @Override
    public int defer(Run x, Strand strand) {
        return there ? super.defer(x, strand) : before.defer(x, strand);
    }

    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        return there ? super.interrupt(x, strand, possible) : before.interrupt(x, strand, possible);
    }

    @Override
    public int expire(Run x, Strand strand, StrandSet waiting) {
        return there ? super.expire(x, strand, waiting) : before.expire(x, strand, waiting);
    }

    @Override
    public boolean passes(Run x, Strand strand) {
        return there ? super.passes(x, strand) : before.passes(x, strand);
    }

    @Override
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        return there ? super.outcome(x, strand, kind, outcomes) : before.outcome(x, strand, kind, outcomes);
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        return there ? super.choose(x, strand, alternatives) : before.choose(x, strand, alternatives);
    }
}
