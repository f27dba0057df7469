package org.smp4j.explore.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.smp4j.explore.model.DepartureKind;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Strategy;

/**
 * Replays departures by code site and not by step number: without an earlier departure a strand reaches the same site
 * some steps sooner or later. Each departure is made at most once, in the order of its strand, when the strand is at
 * the same site again, within a few steps of the original one.
 */
final class LooseReplay extends Strategy implements Observer {
    private static final int NEAR = 200;

    /** One departure. */
    private record Place(int strand, int site, int point, DepartureKind kind, int value) {
    }

    private final List<Place> places = new ArrayList<>();
    private final List<Place> left = new ArrayList<>();
    private final Departures from;

    /** Makes a replay; it must first observe the run with these departures. */
    LooseReplay(Departures from) {
        this.from = from;
    }

    private LooseReplay(List<Place> places) {
        this.places.addAll(places);
        from = null;
    }

    @Override
    public void performed(Run x, Strand strand) {
        // Asked only where it departs.
    }

    @Override
    public void departed(Run x, Strand strand, Strand to) {
        places.add(new Place(strand.id, strand.site(), strand.point(), DepartureKind.SWITCH, to.id));
    }

    @Override
    public void departed(Run x, Strand strand, String text) {
        for (int i = 0; i < from.size(); i++) {
            if (from.strand(i) == strand.id && from.point(i) == strand.point()
                    && from.kind(i) != DepartureKind.SWITCH) {
                places.add(new Place(strand.id, strand.site(), strand.point(), from.kind(i), from.value(i)));
                return;
            }
        }
    }

    @Override
    public void chose(Run x, Strand strand, int choice) {
        if (choice != 0) {
            places.add(new Place(strand.id, strand.site(), strand.point(), DepartureKind.CHOICE, choice));
        }
    }

    int size() {
        return places.size();
    }

    /** {@return the same without the departures from one index to before another} */
    LooseReplay without(int begin, int end) {
        List<Place> rest = new ArrayList<>(places);
        rest.subList(begin, end).clear();
        return new LooseReplay(rest);
    }

    @Override
    public String name() {
        return "loose replay";
    }

    @Override
    public Strategy begin(Run x, long schedule, long seed) {
        left.clear();
        left.addAll(places);
        return this;
    }

    @Override
    public int pick(Run x, Strand current, StrandSet menu) {
        Place next = next(current, kind -> kind == DepartureKind.SWITCH || kind == DepartureKind.ROUND_ROBIN);
        if (next != null && next.kind == DepartureKind.ROUND_ROBIN) {
            return x.roundRobin(current, menu);
        }
        return next != null && menu.has(next.value) ? next.value : x.byDefault(current, menu);
    }

    @Override
    public int defer(Run x, Strand strand) {
        Place next = next(strand, kind -> kind == DepartureKind.DEFERRAL);
        return next == null ? 0 : next.value;
    }

    @Override
    public int interrupt(Run x, Strand strand, int possible) {
        Place next = next(strand, kind -> kind == DepartureKind.INTERRUPT);
        return next != null && Departures.mayCome(next.value, possible) ? next.value : -1;
    }

    @Override
    public int expire(Run x, Strand strand, StrandSet waiting) {
        Place next = next(strand, kind -> kind == DepartureKind.TIMEOUT);
        return next != null && waiting.has(next.value) ? next.value : -1;
    }

    @Override
    public boolean passes(Run x, Strand strand) {
        return next(strand, kind -> kind == DepartureKind.TIME_PASSES) != null;
    }

    @Override
    public int outcome(Run x, Strand strand, DepartureKind kind, int outcomes) {
        Place next = next(strand, other -> other == kind);
        return next == null ? 0 : Math.min(next.value, outcomes - 1);
    }

    @Override
    public int choose(Run x, Strand strand, int alternatives) {
        Place next = next(strand, kind -> kind == DepartureKind.CHOICE);
        return next != null && next.value < alternatives ? next.value : 0;
    }

    /**
     * Takes the departure for this place: the strand's first unused one of its kind, if the strand is at its site
     * again.
     */
    private Place next(Strand strand, Predicate<DepartureKind> kind) {
        for (Place place : left) {
            if (place.strand == strand.id && kind.test(place.kind)) {
                if (place.site != strand.site() || Math.abs(place.point - strand.point()) > NEAR) {
                    return null;
                }
                left.remove(place);
                return place;
            }
        }
        return null;
    }
}
