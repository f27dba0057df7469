package org.smp4j.explore.replay;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/** Follows the default schedule except for given departures. */
public final class ReplayStrategy extends Strategy {
    // By kind: the values, by strand and point.
    private final Map<DepartureKind, Map<Long, Integer>> values = new EnumMap<>(DepartureKind.class);

    /** Makes one with these departures. */
    public ReplayStrategy(Departures departures) {
        for (int i = 0; i < departures.size(); i++) {
            values.computeIfAbsent(departures.kind(i), _ -> new HashMap<>())
                    .put(key(departures.strand(i), departures.point(i)), departures.value(i));
        }
    }

    /** {@return the value of a strand's departure of a kind here; null if there is none} */
    private Integer value(DepartureKind kind, Strand strand) {
        Map<Long, Integer> ofKind = values.get(kind);
        return ofKind == null ? null : ofKind.get(key(strand.id, strand.point()));
    }

    private static long key(int strand, int point) {
        return (long) strand << 32 | point;
    }

    @Override
    public String name() {
        return "replay";
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        return this;
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        if (value(DepartureKind.ROUND_ROBIN, current) != null) {
            return x.roundRobin(current, menu);
        }
        Integer pick = value(DepartureKind.SWITCH, current);
        return pick != null && menu.has(pick) ? pick : x.byDefault(current, menu);
    }

    @Override
    public int defer(Run x, Strand strand) {
        Integer steps = value(DepartureKind.DEFERRAL, strand);
        return steps == null ? 0 : steps;
    }

    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        Integer number = value(DepartureKind.INTERRUPT, strand);
        return number == null || !Departures.mayCome(number, possible) ? -1 : number;
    }

    @Override
    public int expire(Run x, Strand strand, StrandSet waiting) {
        Integer sleeper = value(DepartureKind.TIMEOUT, strand);
        return sleeper == null || !waiting.has(sleeper) ? -1 : sleeper;
    }

    @Override
    public boolean passes(Run x, Strand strand) {
        return value(DepartureKind.TIME_PASSES, strand) != null;
    }

    @Override
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        Integer outcome = value(kind, strand);
        return outcome == null ? 0 : Math.min(outcome, outcomes - 1);
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        Integer choice = value(DepartureKind.CHOICE, strand);
        return choice == null || choice >= alternatives ? 0 : choice;
    }
}
