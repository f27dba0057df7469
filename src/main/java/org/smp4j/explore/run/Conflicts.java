package org.smp4j.explore.run;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Randomness;

/**
 * The conflicting steps of each strand in the default schedule: those at a location that another strand reaches too, if
 * one of the two writes. A switch elsewhere has no effect that a switch at the next such step would not have.
 */
public final class Conflicts implements Observer {
    /** The strands that reach a location. */
    private static final class Reaching {
        final StrandSet readers = new StrandSet();
        final StrandSet writers = new StrandSet();

        /** {@return whether a step of the strand conflicts with one of another} */
        boolean conflicts(int id) {
            return hasAnother(writers, id) || writers.has(id) && hasAnother(readers, id);
        }

        private static boolean hasAnother(StrandSet strands, int id) {
            int first = strands.next(0);
            return first >= 0 && (first != id || strands.isSeveral());
        }
    }

    private final Map<Location, Reaching> reached = new HashMap<>();
    private Location[][] locations = new Location[8][64];
    private int[][] points = new int[8][64];
    private int[] sizes = new int[8];
    private int[][] conflicting = {};
    private int[] strands = {0};
    private int[] focused = {};

    @Override
    public void performed(Run x, Strand strand) {
        Location location = strand.location();
        if (location == null || !x.inStretch()) {
            return;
        }
        Reaching reaching = reached.computeIfAbsent(location, _ -> new Reaching());
        boolean writes = (strand.mode() & (Access.WRITE | Access.CONDITIONAL)) != 0;
        (writes ? reaching.writers : reaching.readers).add(strand);
        int id = strand.id;
        if (id >= sizes.length) {
            makeRoom(id);
        }
        int n = sizes[id]++;
        if (n == points[id].length) {
            points[id] = Arrays.copyOf(points[id], 2 * n);
            locations[id] = Arrays.copyOf(locations[id], 2 * n);
        }
        points[id][n] = strand.point();
        locations[id][n] = location;
    }

    private void makeRoom(int id) {
        int known = sizes.length;
        sizes = Arrays.copyOf(sizes, Integer.highestOneBit(id) << 1);
        points = Arrays.copyOf(points, sizes.length);
        locations = Arrays.copyOf(locations, sizes.length);
        for (int i = known; i < sizes.length; i++) {
            points[i] = new int[64];
            locations[i] = new Location[64];
        }
    }

    /** The run is over: keeps the result, and drops the data of the run. */
    public void conclude(Run x) {
        if (x.strandCount() > sizes.length) {
            makeRoom(x.strandCount() - 1);
        }
        conflicting = new int[x.strandCount()][];
        int[] found = new int[x.strandCount()];
        int[] inFocus = new int[x.strandCount()];
        int count = 0;
        int focusCount = 0;
        for (int id = 0; id < x.strandCount(); id++) {
            int kept = 0;
            int[] own = new int[sizes[id]];
            for (int n = 0; n < sizes[id]; n++) {
                if (reached.get(locations[id][n]).conflicts(id)) {
                    own[kept++] = points[id][n];
                }
            }
            conflicting[id] = Arrays.copyOf(own, kept);
            if (kept > 0) {
                found[count++] = id;
                if (x.strand(id).isFocused()) {
                    inFocus[focusCount++] = id;
                }
            }
        }
        if (count > 0) {
            strands = Arrays.copyOf(found, count);
        }
        focused = Arrays.copyOf(inFocus, focusCount);
        reached.clear();
        locations = null;
        points = null;
    }

    /** {@return a strand with such steps; mostly one that the scenario focuses on, if there are any} */
    public int strand(Randomness random) {
        int[] among = focused.length > 0 && random.below(4) != 0 ? focused : strands;
        return among[random.below(among.length)];
    }

    /** {@return one of its conflicting steps, by a number from 0 up to, but not including, 1} */
    public int point(int strand, double among) {
        int[] own = strand < conflicting.length ? conflicting[strand] : null;
        return own == null || own.length == 0 ? 1 : own[(int) (among * own.length)];
    }
}
