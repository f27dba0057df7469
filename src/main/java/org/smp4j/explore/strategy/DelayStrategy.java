package org.smp4j.explore.strategy;

import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Strategy;

/**
 * The default schedule with a few delays: some strands, chosen evenly however many steps they have, are made to stop
 * where they reach something that others reach too, and go on when nobody else can. In every other schedule who is next
 * where a strand can't go on is drawn as well. A bug that needs a few strands to stop at the wrong moment, each for
 * long, is found soon even where others make thousands of steps.
 */
public final class DelayStrategy extends RandomStrategy {
    private static final int MOST_OUTLASTED = 6; // of what waits again and again the first few times tell enough
    // its multiples, less the whole part, never leave a large gap
    private static final double GOLDEN = 0.6180339887498949;

    private final int delays;
    private final boolean nothingElse;
    // Which strand is made to stop; -1 for any.
    private final int only;
    private final int[] victims;
    private final int[] points;
    private Conflicts conflicts = new Conflicts();
    private double offset;
    private long order;
    private boolean stubborn;
    private int outlasted;

    /**
     * A strategy.
     *
     * @param delays how many
     */
    public DelayStrategy(int delays) {
        this(delays, false, -1);
    }

    private DelayStrategy(int delays, boolean nothingElse, int only) {
        this.delays = delays;
        this.nothingElse = nothingElse;
        this.only = only;
        victims = new int[delays];
        points = new int[delays];
    }

    /**
     * {@return one in whose schedules all else goes by default: which strand is next, when interrupts are taken, what
     * the scenario chooses}
     */
    public static DelayStrategy alone(int delays) {
        return new DelayStrategy(delays, true, -1);
    }

    /** {@return the same, where only one strand is made to stop} */
    public static DelayStrategy of(int strand, int delays) {
        return new DelayStrategy(delays, true, strand);
    }

    @Override
    public String name() {
        return "delay" + delays;
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        for (int i = 0; i < delays; i++) {
            victims[i] = only >= 0 ? only : conflicts.strand(random);
            points[i] = conflicts.point(victims[i], delays == 1 ? evenly(schedule) : random.fraction());
        }
        order = nothingElse || random.below(2) == 0 ? 0 : random.next() | 1;
        outlasted = 0;
        stubborn = !nothingElse && (Randomness.mix(seed) & 3) == 0;
        return this;
    }

    @Override
    public int pick(Run x, Strand current, long menu) {
        int fallback = x.byDefault(current, menu);
        if (fallback == current.id) {
            for (int i = 0; i < delays; i++) {
                if (victims[i] == current.id && points[i] == current.point()) {
                    return random.bitOf(menu & ~current.bit);
                }
            }
            return fallback;
        }
        return order == 0 ? fallback : first(x.willing(menu));
    }

    @Override
    public int defer(Run x, Strand strand) {
        return nothingElse ? 0 : super.defer(x, strand);
    }

    @Override
    public int expire(Run x, Strand strand, long waiting) {
        if (nothingElse || !x.interruptions().exist()) {
            return nothingElse ? -1 : super.expire(x, strand, waiting);
        }
        return stubborn || outlasted++ >= MOST_OUTLASTED ? -1 : x.clock().earliest(waiting);
    }

    @Override
    public boolean passes(Run x, Strand strand) {
        return !nothingElse && super.passes(x, strand);
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        return nothingElse ? 0 : super.choose(x, strand, alternatives);
    }

    /**
     * Where a strand is to stop, an interrupt may be what stops it; in some schedules nothing else comes to one that
     * was made to stop, and no time passes.
     */
    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        int due = nothingElse ? -1 : super.interrupt(x, strand, possible);
        for (int i = 0; due < 0 && i < delays; i++) {
            if (victims[i] == strand.id && points[i] == strand.point()) {
                due = random.bitOf(possible);
            }
        }
        return due < 0 && stubborn ? Departures.NONE : due;
    }

    /** The strand that comes first in this schedule's order. */
    private int first(long menu) {
        int first = -1;
        long best = Long.MIN_VALUE;
        for (long left = menu; left != 0; left &= left - 1) {
            int id = Long.numberOfTrailingZeros(left);
            long rank = Randomness.mix(order + id);
            if (rank > best) {
                best = rank;
                first = id;
            }
        }
        return first;
    }

    /**
     * The places of a single delay are few: schedule by schedule they are spread evenly, so that none is left out for
     * long.
     */
    private double evenly(long schedule) {
        double turn = offset + schedule * GOLDEN;
        return turn - Math.floor(turn);
    }

    @Override
    public void learn(Conflicts learned, long seed) {
        conflicts = learned;
        offset = new Randomness(seed).fraction();
    }
}
