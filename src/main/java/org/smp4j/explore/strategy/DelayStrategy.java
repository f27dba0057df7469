package org.smp4j.explore.strategy;

import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.run.Conflicts;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * The default schedule with a few delays. Some strands, drawn evenly however many steps they have, are preempted where
 * they reach a location that other strands reach too, and go on when no other strand can. In every other schedule the
 * successor of a strand that blocks is drawn as well. A bug that needs a few strands to be delayed for long at the
 * wrong moment is found soon, even where other strands make thousands of steps.
 */
public final class DelayStrategy extends RandomStrategy {
    private static final int MOST_OUTLASTED = 6; // of a wait that repeats, the first few timeouts are enough
    // the golden ratio: the fractional parts of its multiples never leave a large gap
    private static final double GOLDEN = 0.6180339887498949;

    private final int delays;
    private final boolean nothingElse;
    // The strand that is delayed; -1 for any.
    private final int only;
    private final int[] victims;
    private final int[] points;
    private Conflicts conflicts = new Conflicts();
    private double offset;
    private long order;
    private boolean stubborn;
    private int outlasted;
    private final StrandSet others = new StrandSet();

    /**
     * Makes a strategy.
     *
     * @param delays how many delays a schedule has
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
     * {@return a strategy whose schedules follow the default but for the delays: successors, interrupts and the
     * scenario's choices are the default ones}
     */
    public static DelayStrategy alone(int delays) {
        return new DelayStrategy(delays, true, -1);
    }

    /** {@return the same, with delays of one strand only} */
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
    public int pick(Run x, Strand current, StrandSet menu) {
        int fallback = x.byDefault(current, menu);
        if (fallback == current.id) {
            for (int i = 0; i < delays; i++) {
                if (victims[i] == current.id && points[i] == current.point()) {
                    others.set(menu);
                    others.remove(current);
                    return others.draw(random);
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
    public int expire(Run x, Strand strand, StrandSet waiting) {
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
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        return nothingElse ? 0 : super.outcome(x, strand, kind, outcomes);
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        return nothingElse ? 0 : super.choose(x, strand, alternatives);
    }

    /**
     * Where a strand is to be delayed, an interrupt may come instead; in some schedules no other interrupts come, and
     * no time passes.
     */
    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        int due = nothingElse ? -1 : super.interrupt(x, strand, possible);
        for (int i = 0; due < 0 && i < delays; i++) {
            if (victims[i] == strand.id && points[i] == strand.point()) {
                due = random.bitOf(possible);
            }
        }
        return due < 0 && stubborn ? Departures.NO_INTERRUPT : due;
    }

    /** The strand with the highest rank in this schedule's order. */
    private int first(StrandSet menu) {
        int first = -1;
        long best = Long.MIN_VALUE;
        for (int id = menu.next(0); id >= 0; id = menu.next(id + 1)) {
            long rank = Randomness.mix(order + id);
            if (rank > best) {
                best = rank;
                first = id;
            }
        }
        return first;
    }

    /**
     * A single delay has few possible places. Successive schedules spread over them evenly, so that none is left out
     * for long.
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
