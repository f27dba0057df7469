package org.smp4j.explore.strategy;

import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * A strategy that draws. On its own it is a random walk: at every decision each strand that can step is equally likely.
 */
public class RandomStrategy extends Strategy {
    private static final int SOON = 16;

    /** The generator of the schedule, seeded when it begins. */
    public final Randomness random = new Randomness(0);
    private final InterruptDraws arrivals = new InterruptDraws();
    private final TimeoutDraws expiries = new TimeoutDraws();
    private final OutcomeDraws weak = new OutcomeDraws();

    @Override
    public String name() {
        return "random";
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        random.seed(seed);
        arrivals.begin(seed);
        expiries.begin(seed);
        weak.begin(seed);
        return this;
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        return menu.draw(random);
    }

    /** Mostly at once, otherwise within a few steps, or not before the code polls. */
    @Override
    public int defer(Run x, Strand strand) {
        return switch (random.below(6)) {
            case 0 -> Departures.UNTIL_POLL;
            case 1 -> 1 + random.below(SOON);
            default -> 0;
        };
    }

    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        return arrivals.due(x.interruptions(), strand, possible);
    }

    @Override
    public int expire(Run x, Strand strand, StrandSet waiting) {
        return expiries.due(x.clock(), waiting);
    }

    @Override
    public boolean passes(Run x, Strand strand) {
        return expiries.passes(x.clock());
    }

    @Override
    public void learn(Run x) {
        arrivals.learn(x.interruptions());
        expiries.learn(x.clock());
        weak.learn(x.weakChances());
    }

    @Override
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        return strand.seeksOldest() && kind == DepartureKind.OLDER_VALUE ? outcomes - 1
                : weak.due(x.weakChances(), outcomes);
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        return random.below(alternatives);
    }
}
