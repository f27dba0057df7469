package org.smp4j.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * Departs where the code is, not after how many steps: with an earlier departure left out a strand comes to the same place some steps sooner or later. Each
 * departure is made at most once, in the order of its strand, where that strand is at the same site again, not far from where it was.
 */
final class LooseReplay extends Strategy implements Observer {
    private static final int NEAR = 200;

    /** One departure. */
    private record Place(int strand, int site, int point, int pick) {
    }

    private final List<Place> places = new ArrayList<>();
    private final List<Place> left = new ArrayList<>();
    private final Departures from;

    /** Has to be told of the run with these departures first, as its observer. */
    LooseReplay(Departures from) {
        this.from = from;
    }

    private LooseReplay(List<Place> places) {
        this.places.addAll(places);
        from = null;
    }

    @Override
    public void performed(Execution x, Strand strand) {
        // Only where it departs.
    }

    @Override
    public void departed(Execution x, Strand strand, Strand to) {
        places.add(new Place(strand.id, strand.site, strand.point, to.id));
    }

    @Override
    public void deferred(Execution x, Strand strand) {
        for (int i = 0; i < from.size(); i++) {
            if (from.strand(i) == strand.id && from.point(i) == strand.point && Departures.isDeferral(from.pick(i))) {
                places.add(new Place(strand.id, strand.site, strand.point, from.pick(i)));
                return;
            }
        }
    }

    int size() {
        return places.size();
    }

    /** {@return the same without those from one to before another} */
    LooseReplay without(int begin, int end) {
        List<Place> rest = new ArrayList<>(places);
        rest.subList(begin, end).clear();
        return new LooseReplay(rest);
    }

    @Override
    String name() {
        return "loose replay";
    }

    @Override
    Strategy begin(Execution x, long schedule, long seed) {
        left.clear();
        left.addAll(places);
        return this;
    }

    @Override
    int pick(Execution x, Strand current, long menu) {
        Place next = next(current, false);
        if (next == null) {
            return x.byDefault(current, menu);
        }
        left.remove(next);
        return (menu & 1L << next.pick) != 0 ? next.pick : x.byDefault(current, menu);
    }

    @Override
    int defer(Execution x, Strand strand) {
        Place next = next(strand, true);
        if (next == null) {
            return 0;
        }
        left.remove(next);
        return Departures.DEFER - next.pick;
    }

    private Place next(Strand strand, boolean deferral) {
        for (Place place : left) {
            if (place.strand == strand.id && Departures.isDeferral(place.pick) == deferral) {
                return place.site == strand.site && Math.abs(place.point - strand.point) <= NEAR ? place : null;
            }
        }
        return null;
    }
}
