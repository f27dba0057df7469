package org.smp4j.explore.strategy;

import java.util.Arrays;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Selectively uniform random walk (SURW): each schedule draws one location that strands share, and makes all orders of
 * the steps there about equally likely. It weighs each strand by the number of its remaining steps there, as estimated
 * from earlier schedules; other steps are drawn evenly.
 */
public final class SurwStrategy extends RandomStrategy {
    private static final int TABLE = 1 << 14;

    // By location number and strand: the number of steps in the schedule before, for the estimate; a hash table of
    // fixed size.
    private final short[] expected = new short[TABLE];
    private final short[] counted = new short[TABLE];
    private int locations = 1;
    private int chosen;
    private int intended;
    private final StrandSet allowed = new StrandSet();

    @Override
    public String name() {
        return "surw";
    }

    @Override
    public boolean wantsSteps() {
        return true;
    }

    private static int slot(int location, int strand) {
        return (location * 67 + strand) * 0x9E3779B9 >>> 18;
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        super.begin(x, schedule, seed);
        chosen = random.below(locations);
        intended = -1;
        Arrays.fill(counted, (short) 0);
        return this;
    }

    private boolean interesting(Strand strand) {
        return strand.location() != null && strand.location().id() == chosen;
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        if (intended < 0 || x.strand(intended).isFinished() || !menu.has(intended)) {
            intended = intend(menu);
        }
        allowed.clear();
        for (int id = menu.next(0); id >= 0; id = menu.next(id + 1)) {
            Strand strand = x.strand(id);
            if (!interesting(strand) || strand.id == intended) {
                allowed.add(strand);
            }
        }
        return (allowed.isEmpty() ? menu : allowed).draw(random);
    }

    private int intend(StrandSet menu) {
        int total = 0;
        for (int id = menu.next(0); id >= 0; id = menu.next(id + 1)) {
            total += toCome(id);
        }
        int draw = random.below(total);
        for (int id = menu.next(0); id >= 0; id = menu.next(id + 1)) {
            draw -= toCome(id);
            if (draw < 0) {
                return id;
            }
        }
        throw new AssertionError("weights do not add up");
    }

    private int toCome(int strand) {
        int slot = slot(chosen, strand);
        return 1 + Math.max(0, expected[slot] - counted[slot]);
    }

    @Override
    public void performed(Run x, Strand strand) {
        if (strand.location() != null) {
            counted[slot(strand.location().id(), strand.id)]++;
            if (strand.id == intended && interesting(strand)) {
                intended = -1;
            }
        }
    }

    @Override
    public void learn(Run x) {
        super.learn(x);
        locations = Math.max(1, x.locationCount());
        System.arraycopy(counted, 0, expected, 0, TABLE);
    }
}
