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
    private static final int MAX_STRANDS = 64;

    private final Map<Location, long[]> reached = new HashMap<>(); // the readers and the writers, by bit
    private Location[][] locations = new Location[MAX_STRANDS][64];
    private int[][] points = new int[MAX_STRANDS][64];
    private final int[] sizes = new int[MAX_STRANDS];
    private final int[][] conflicting = new int[MAX_STRANDS][];
    private int[] strands = {0};
    private int[] focused = {};

    @Override
    public void performed(Run x, Strand strand) {
        Location location = strand.location();
        if (location == null || !x.inStretch()) {
            return;
        }
        long[] reaching = reached.computeIfAbsent(location, _ -> new long[2]);
        reaching[(strand.mode() & (Access.WRITE | Access.CONDITIONAL)) != 0 ? 1 : 0] |= strand.bit;
        int id = strand.id;
        int n = sizes[id]++;
        if (n == points[id].length) {
            points[id] = Arrays.copyOf(points[id], 2 * n);
            locations[id] = Arrays.copyOf(locations[id], 2 * n);
        }
        points[id][n] = strand.point();
        locations[id][n] = location;
    }

    /** The run is over: keeps the result, and drops the data of the run. */
    public void conclude(Run x) {
        int[] found = new int[x.strandCount()];
        int[] inFocus = new int[x.strandCount()];
        int count = 0;
        int focusCount = 0;
        for (int id = 0; id < x.strandCount(); id++) {
            int kept = 0;
            int[] own = new int[sizes[id]];
            for (int n = 0; n < sizes[id]; n++) {
                long[] reaching = reached.get(locations[id][n]);
                long others = ~(1L << id);
                if ((reaching[1] & others) != 0 || (reaching[1] & 1L << id) != 0 && (reaching[0] & others) != 0) {
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
        int[] own = conflicting[strand];
        return own == null || own.length == 0 ? 1 : own[(int) (among * own.length)];
    }
}
