package org.smp4j.explore.replay;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.Strategy;

/** Goes by the default but where it is told to depart. */
public final class ReplayStrategy extends Strategy {
    private final Map<Long, Integer> picks = new HashMap<>();
    private final Map<Long, Integer> choices = new HashMap<>();
    private final Map<Long, Integer> deferrals = new HashMap<>();
    private final Map<Long, Integer> interrupts = new HashMap<>();
    private final Map<Long, Integer> expiries = new HashMap<>();
    private final Set<Long> whiles = new HashSet<>();
    private int applied;

    public ReplayStrategy(Departures departures) {
        for (int i = 0; i < departures.size(); i++) {
            int pick = departures.pick(i);
            long key = key(departures.strand(i), departures.point(i));
            if (pick == Departures.WHILE) {
                whiles.add(key);
            } else {
                of(pick).put(key, pick);
            }
        }
    }

    private Map<Long, Integer> of(int pick) {
        if (Departures.isSwitch(pick)) {
            return picks;
        }
        return Departures.isChoice(pick) ? choices : Departures.isExpiry(pick) ? expiries : Departures.isInterrupt(pick) ? interrupts : deferrals;
    }

    private static long key(int strand, int point) {
        return (long) strand << 32 | point;
    }

    /** {@return how many departures were made in the last run; the others were not possible, or the run did not come to them} */
    int applied() {
        return applied;
    }

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        applied = 0;
        return this;
    }

    @Override
    public int pick(Run x, Strand current, long menu) {
        Integer pick = picks.get(key(current.id, current.point()));
        if (pick != null && pick == Departures.TURNS) {
            applied++;
            return x.roundRobin(current, menu);
        }
        if (pick != null && (menu & 1L << pick) != 0) {
            applied++;
            return pick;
        }
        return x.byDefault(current, menu);
    }

    @Override
    public int defer(Run x, Strand strand) {
        Integer steps = deferrals.get(key(strand.id, strand.point()));
        if (steps == null) {
            return 0;
        }
        applied++;
        return Departures.DEFER - steps;
    }

    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        Integer pick = interrupts.get(key(strand.id, strand.point()));
        if (pick == null || !Departures.mayCome(pick, possible)) {
            return -1;
        }
        applied++;
        return Departures.INTERRUPT - pick;
    }

    @Override
    public int expire(Run x, Strand strand, long waiting) {
        Integer pick = expiries.get(key(strand.id, strand.point()));
        if (pick == null || (waiting & 1L << Departures.EXPIRY - pick) == 0) {
            return -1;
        }
        applied++;
        return Departures.EXPIRY - pick;
    }

    @Override
    public boolean passes(Run x, Strand strand) {
        boolean passes = whiles.contains(key(strand.id, strand.point()));
        applied += passes ? 1 : 0;
        return passes;
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        Integer choice = choices.get(key(strand.id, strand.point()));
        if (choice != null && Departures.CHOICE - choice < alternatives) {
            applied++;
            return Departures.CHOICE - choice;
        }
        return 0;
    }
}
