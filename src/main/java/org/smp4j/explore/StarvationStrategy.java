package org.smp4j.explore;

/** One strand is held back for long from some step of its own on, while the others walk at random. */
final class StarvationStrategy extends RandomStrategy {
    private Conflicts conflicts = new Conflicts();
    private int victim;
    private int from;

    @Override
    String name() {
        return "starvation";
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        victim = conflicts.strand(random);
        from = conflicts.point(victim, random.fraction());
        return this;
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        long others = menu & ~(1L << victim);
        boolean starved = others != 0 && victim < x.strandCount() && x.strand(victim).point >= from;
        return random.bitOf(starved ? others : menu);
    }

    @Override
    void learn(Conflicts learned, long seed) {
        conflicts = learned;
    }
}
