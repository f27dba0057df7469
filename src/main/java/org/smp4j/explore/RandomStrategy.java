package org.smp4j.explore;

/** A strategy that draws; of itself a random walk: at every decision each strand that can step is as likely as another. */
class RandomStrategy extends Strategy {
    // Of so many steps before which an interrupt is pending, one takes it.
    private static final int INTERRUPT_ODDS = 8;

    final Randomness random = new Randomness(0);

    @Override
    String name() {
        return "random";
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        random.seed(seed);
        return this;
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        return random.bitOf(menu);
    }

    @Override
    boolean interrupt(Execution x, Strand strand) {
        return random.below(INTERRUPT_ODDS) == 0;
    }

    @Override
    int choose(Execution x, Strand strand, int alternatives) {
        return random.below(alternatives);
    }
}
