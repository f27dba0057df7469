package org.smp4j.explore;

/** One strand is held back for long from some step on, while the others walk at random. */
final class StarvationStrategy extends RandomStrategy {
    private int victim;
    private int from;
    private int until;
    private int mostSteps = 32;
    private int mostStrands = 2;

    @Override
    String name() {
        return "starvation";
    }

    @Override
    void begin(Execution x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        victim = random.below(mostStrands);
        from = random.below(mostSteps);
        until = random.below(4) == 0 ? from + random.below(mostSteps) : Integer.MAX_VALUE;
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        long others = menu & ~(1L << victim);
        boolean starved = x.steps() >= from && x.steps() < until && others != 0;
        return random.bitOf(starved ? others : menu);
    }

    @Override
    void learn(Execution x) {
        mostSteps = Math.max(mostSteps, x.steps());
        mostStrands = Math.max(mostStrands, x.strandCount());
    }
}
