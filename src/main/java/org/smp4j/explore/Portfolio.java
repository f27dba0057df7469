package org.smp4j.explore;

import java.util.List;

/** Several strategies by turns, because none is the best for every bug; the default. */
final class Portfolio extends Strategy {
    private final List<Strategy> all = List.of(new DelayStrategy(1), new PctStrategy(3), new DelayStrategy(2), new RandomStrategy(), new DelayStrategy(1),
            new StarvationStrategy(), new DelayStrategy(3), new PctStrategy(2), new DelayStrategy(1), new PosStrategy(), new PctStrategy(4), new SurwStrategy());
    private Strategy turn = all.getFirst();

    @Override
    String name() {
        return "portfolio";
    }

    /** {@return what it consists of} */
    List<Strategy> parts() {
        return all;
    }

    @Override
    void begin(Execution x, long schedule, long seed) {
        turn = all.get((int) (schedule % all.size()));
        turn.begin(x, schedule, seed);
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        return turn.pick(x, current, menu);
    }

    @Override
    boolean interrupt(Execution x, Strand strand) {
        return turn.interrupt(x, strand);
    }

    @Override
    int choose(Execution x, Strand strand, int alternatives) {
        return turn.choose(x, strand, alternatives);
    }

    @Override
    void announced(Execution x, Strand strand) {
        turn.announced(x, strand);
    }

    @Override
    void performed(Execution x, Strand strand) {
        turn.performed(x, strand);
    }

    @Override
    void learn(Execution x) {
        all.forEach(strategy -> strategy.learn(x)); // each learns how large the program is
    }
}
