package org.smp4j.explore.strategy;

import java.util.List;
import java.util.stream.Stream;
import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Several strategies in turn, because none is the best for every bug; the default. Where a run has many steps,
 * strategies that may switch at any step get a smaller share.
 */
public final class Portfolio extends Strategy {
    private static final int MANY_STEPS = 1000;

    private final Strategy delay1 = new DelayStrategy(1);
    private final Strategy delay2 = new DelayStrategy(2);
    private final List<Strategy> all = List.of(delay1, new PctStrategy(3), delay2, new RandomStrategy(), delay1,
            new StarvationStrategy(), new DelayStrategy(3),
            new PctStrategy(2), delay1, new PosStrategy(), new PctStrategy(4), new SurwStrategy());
    private final List<Strategy> forMany = Stream.concat(all.stream(), Stream.of(delay1, delay2, delay1, delay1))
            .toList();
    private List<Strategy> turns = all;

    @Override
    public String name() {
        return "portfolio";
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        return turns.get((int) (schedule % turns.size())).begin(x, schedule, seed);
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        throw new IllegalStateException("the portfolio does not decide itself: begin() gives the strategy that does");
    }

    @Override
    public void learn(Run x) {
        all.forEach(strategy -> strategy.learn(x)); // each one learns the size of the program
        if (x.steps() > MANY_STEPS) {
            turns = forMany;
        }
    }

    @Override
    public void learn(Conflicts conflicts, long seed) {
        all.forEach(strategy -> strategy.learn(conflicts, seed));
    }
}
