package org.smp4j.explore;

/**
 * The default schedule with a few delays: some strands, chosen evenly however many steps they have, are made to stop at some step of their own and go on when
 * nobody else can. A bug that needs a few strands to stop at the wrong moment, each for long, is found soon even where others make thousands of steps.
 */
final class DelayStrategy extends RandomStrategy {
    private final int delays;
    private final Lengths lengths = new Lengths();
    private final int[] victims;
    private final int[] points;

    /**
     * A strategy.
     *
     * @param delays how many
     */
    DelayStrategy(int delays) {
        this.delays = delays;
        victims = new int[delays];
        points = new int[delays];
    }

    @Override
    String name() {
        return "delay" + delays;
    }

    @Override
    void begin(Execution x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        for (int i = 0; i < delays; i++) {
            victims[i] = random.below(lengths.strands());
            points[i] = 1 + random.below(lengths.of(victims[i]) + 1);
        }
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        int fallback = x.byDefault(current, menu);
        if (fallback == current.id) {
            for (int i = 0; i < delays; i++) {
                if (victims[i] == current.id && points[i] == current.point) {
                    return random.bitOf(menu & ~current.bit);
                }
            }
        }
        return fallback;
    }

    @Override
    void learn(Execution x) {
        lengths.learn(x);
    }
}
