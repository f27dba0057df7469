package org.smp4j.explore;

/** A strategy that draws; of itself a random walk: at every decision each strand that can step is as likely as another. */
class RandomStrategy extends Strategy {
    private static final int SOON = 16;

    final Randomness random = new Randomness(0);
    private final Arrivals arrivals = new Arrivals();
    private final Expiries expiries = new Expiries();

    @Override
    String name() {
        return "random";
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        random.seed(seed);
        arrivals.begin(seed);
        expiries.begin(seed);
        return this;
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        return random.bitOf(menu);
    }

    /** Mostly at once, else within a few steps, or not before the code polls. */
    @Override
    int defer(Execution x, Strand strand) {
        return switch (random.below(6)) {
            case 0 -> Departures.UNTIL_POLL;
            case 1 -> 1 + random.below(SOON);
            default -> 0;
        };
    }

    @Override
    int interrupt(Execution x, Strand strand, int possible) {
        return arrivals.due(x.interrupts, strand, possible);
    }

    @Override
    int expire(Execution x, Strand strand, long waiting) {
        return expiries.due(x.time, waiting);
    }

    @Override
    boolean passes(Execution x, Strand strand) {
        return expiries.passes(x.time);
    }

    @Override
    void learn(Execution x) {
        arrivals.learn(x.interrupts);
        expiries.learn(x.time);
    }

    @Override
    int choose(Execution x, Strand strand, int alternatives) {
        return random.below(alternatives);
    }
}
