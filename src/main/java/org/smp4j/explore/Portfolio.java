package org.smp4j.explore;

import java.util.List;

/** Several strategies by turns, because none is the best for every bug; the default. */
final class Portfolio extends Strategy {
    private final List<Strategy> all = List.of(new DelayStrategy(1), new PctStrategy(3), new DelayStrategy(2), new RandomStrategy(), new DelayStrategy(1),
            new StarvationStrategy(), new DelayStrategy(3), new PctStrategy(2), new DelayStrategy(1), new PosStrategy(), new PctStrategy(4), new SurwStrategy());

    @Override
    String name() {
        return "portfolio";
    }

    /** {@return what it consists of} */
    List<Strategy> parts() {
        return all;
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        return all.get((int) (schedule % all.size())).begin(x, schedule, seed);
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        throw new IllegalStateException("one of its parts decides");
    }

    @Override
    void learn(Execution x) {
        all.forEach(strategy -> strategy.learn(x)); // each learns how large the program is
    }

    @Override
    void learn(Conflicts conflicts) {
        all.forEach(strategy -> strategy.learn(conflicts));
    }
}
