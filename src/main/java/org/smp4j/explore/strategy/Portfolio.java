package org.smp4j.explore.strategy;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Several strategies in turn, because none is the best for every bug; the default. Where a run has many steps,
 * strategies that may switch at any step get a smaller share. Where it has few, {@code pos} comes first and most often.
 */
public final class Portfolio extends Strategy {
    private static final int MANY_STEPS = 1000;
    private static final int FEW_STEPS = 300;
    private static final int FIRST_OF_FEW = 12;

    private final Strategy delay1 = new DelayStrategy(1);
    private final Strategy delay2 = new DelayStrategy(2);
    private final Strategy delay3 = new DelayStrategy(3);
    private final Strategy pct2 = new PctStrategy(2);
    private final Strategy pct3 = new PctStrategy(3);
    private final Strategy pct4 = new PctStrategy(4);
    private final Strategy pos = new PosStrategy();
    private final Strategy surw = new SurwStrategy();
    private final Strategy random = new RandomStrategy();
    private final Strategy starvation = new StarvationStrategy();
    private final Set<Strategy> distinct = new LinkedHashSet<>();
    private final List<Strategy> all = turns(delay1, pct3, delay2, random, delay1, starvation, delay3, pct2, delay1,
            pos, pct4, surw);
    private final List<Strategy> forMany = turns(Stream.concat(all.stream(), Stream.of(delay1, delay2, delay1, delay1))
            .toArray(Strategy[]::new));
    // pos needs the fewest schedules for most small programs, and a few delays where it needs many
    private final List<Strategy> forFew = turns(delay3, pos, delay2, pos, delay3, surw, pos, delay1, delay3, pos,
            random, delay3, pos, pct3, delay2, pos, starvation, delay3, pos);
    private final Mix mix;
    private List<Strategy> turns;
    private int longest;

    /** Which turns it takes. */
    public enum Mix {
        /** As the number of steps suggests. */
        BY_STEPS("portfolio"),
        /** As for a program of few steps: what is explored is short, and the steps before and after it are not. */
        FEW("portfolio-few"),
        /** As various for a program of few steps as for others. */
        VARIOUS("portfolio");

        private final String name;

        Mix(String name) {
            this.name = name;
        }
    }

    /**
     * A portfolio.
     *
     * @param mix which turns it takes
     */
    public Portfolio(Mix mix) {
        this.mix = mix;
        turns = mix == Mix.FEW ? forFew : all;
    }

    private List<Strategy> turns(Strategy... strategies) {
        distinct.addAll(List.of(strategies));
        return List.of(strategies);
    }

    @Override
    public String name() {
        return mix.name;
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        Strategy turn = turns == forFew && schedule < FIRST_OF_FEW ? pos : turns.get((int) (schedule % turns.size()));
        return turn.begin(x, schedule, seed);
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        throw new IllegalStateException("the portfolio does not decide itself: begin() gives the strategy that does");
    }

    @Override
    public void learn(Run x) {
        distinct.forEach(strategy -> strategy.learn(x)); // each one learns the size of the program
        longest = Math.max(longest, x.steps());
        boolean few = mix == Mix.FEW || mix == Mix.BY_STEPS && longest < FEW_STEPS;
        turns = few ? forFew : longest > MANY_STEPS ? forMany : all;
    }

    @Override
    public void learn(Conflicts conflicts, long seed) {
        distinct.forEach(strategy -> strategy.learn(conflicts, seed));
    }
}
