package org.smp4j.explore;

import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.replay.ReplayStrategy;
import org.smp4j.explore.run.Strategy;
import org.smp4j.explore.strategy.Portfolio;
import org.smp4j.explore.strategy.RoundRobinStrategy;

/**
 * The runs before the first schedule, in which an exploration gets to know the program: its classes are loaded, the
 * plain fields that strands share are found, and strategies learn the size of the program.
 */
final class Survey {
    private static final int MOST = 48;
    private static final int SETTLED = 5; // runs in a row that show no new shared plain field
    private static final int SETTLED_WITH_JDK = 20; // a race may need two calls of the JDK that overlap

    private final Exploration exploration;
    private final Execution x;

    Survey(Exploration exploration) {
        this.exploration = exploration;
        x = exploration.runner.x;
    }

    /** {@return the number of steps of the default run} */
    int make() {
        ExploreOptions options = exploration.options;
        x.happensBefore = exploration.happensBefore;
        Strategy byDefault = new ReplayStrategy(new Departures());
        look(byDefault, 0, 0);
        Strategy portfolio = new Portfolio(Portfolio.Mix.VARIOUS);
        exploration.learnConflicts(portfolio);
        int settled = 0;
        for (int i = 0; i < MOST && exploration.goesOn() && settled < enough(); i++) {
            int before = Sites.sharedCount();
            look(portfolio, i, Randomness.mix(~options.seed() + i));
            exploration.strategy.learn(x.view);
            portfolio.learn(x.view);
            settled = Sites.sharedCount() == before ? settled + 1 : 0;
        }
        if (!options.dataRaces()) {
            x.happensBefore = null;
        }
        exploration.learnConflicts(exploration.strategy);
        Strategy turns = new RoundRobinStrategy();
        exploration.learnConflicts(turns);
        for (int i = 0, most = RoundRobinStrategy.schedules(x.view); i < most && exploration.goesOn(); i++) {
            look(turns, i, Randomness.mix(~options.seed() - i));
        }
        x.locations.meetings.known();
        return sameTwice(byDefault);
    }

    private int enough() {
        return x.assumptions.has(Assumptions.Rule.ATOMIC) ? SETTLED_WITH_JDK : SETTLED;
    }

    /**
     * A run that first shows a field to be shared had no steps at earlier accesses to that field. It is repeated with
     * these steps, and only the repetition counts.
     */
    private void look(Strategy by, int schedule, long seed) {
        do {
            exploration.slip();
            exploration.make(by, schedule, seed, 0);
        } while (exploration.hasFound() && exploration.grown() && !exploration.stop.now());
    }

    private int sameTwice(Strategy byDefault) {
        long first = -1;
        int steps = 0;
        for (int i = 0; i < 2 && exploration.goesOn(); i++) {
            exploration.make(byDefault, 0, 0, 0);
            steps = x.steps();
            if (i == 0) {
                first = x.hash() + 31L * x.steps();
            } else if (exploration.goesOn() && first != x.hash() + 31L * x.steps()) {
                throw new ExplorerException(exploration.program.name()
                        + ": the same schedule ran twice and was not the same; the scenario keeps state from one run "
                        + "to the next, or depends on something that the explorer does not control");
            }
        }
        return steps;
    }
}
