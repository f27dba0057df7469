package org.smp4j.explore.search;

import java.util.Arrays;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;

/**
 * One step of the current path of a partial-order search. A call of the JDK that is atomic is one step, with all
 * locations that it reaches.
 */
final class PathStep {
    int strand;
    Location location;
    boolean writes;
    boolean unlocks;
    final Location[] others = new Location[Strand.MOST_OTHERS];
    int otherCount;
    int otherWrites;
    boolean everything;
    // The further locations of an atomic call, and whether it writes them.
    private Location[] more = new Location[8];
    private boolean[] moreWrites = new boolean[8];
    private int moreCount;
    // Of a whole step: how many locations the run had before it; and of each further location that is null, because the
    // run met it first in this step, the name of its class and its field. In another run such a location may be another
    // object of the same class: then the two steps count as dependent.
    private int known;
    private String[] types;
    private int[] fields;
    // By the memory model: whether it takes part in the one order of such steps. No program is known that needs to have
    // two calls of the JDK ordered by that alone: a precaution.
    boolean exchanges;
    // Whether the run may end with it; whether it is of a daemon, for which the run does not wait.
    boolean ends;
    boolean daemon;
    // The first of the steps that its strand has made in a row up to it; and of the first, the last so far. A thread
    // that spins makes many in a row, and looking at each of them for each other would never end.
    int stretch;
    int end;
    // By strand: the length of the path up to the strand's last step that happens before this one.
    final int[] clock = new int[StrandSet.FEW];

    /** Begins a step of a strand, in a run that has had so many locations so far. */
    void is(Strand of, int locations) {
        strand = of.id;
        known = locations;
        location = of.location();
        writes = writes(of);
        unlocks = (of.mode() & (Access.WRITE | Access.READ | Access.RELEASE)) == (Access.WRITE | Access.RELEASE);
        otherCount = of.otherCount();
        otherWrites = of.otherWrites();
        for (int i = 0; i < otherCount; i++) {
            others[i] = of.other(i);
        }
        everything = of.dependsOnAll();
        ends = ends(of);
        daemon = of.isDaemon();
        moreCount = 0;
    }

    /** Adds a further access of the same atomic call. */
    void adds(Strand of) {
        add(of.location(), writes(of));
        for (int i = 0; i < of.otherCount(); i++) {
            add(of.other(i), (of.otherWrites() & 1 << i) != 0);
        }
        everything |= of.dependsOnAll();
    }

    private void add(Location reached, boolean isWritten) {
        if (reached == null || reached == location && (writes || !isWritten)) {
            return;
        }
        for (int i = 0; i < moreCount; i++) {
            if (more[i] == reached) {
                moreWrites[i] |= isWritten;
                return;
            }
        }
        if (moreCount == more.length) {
            more = Arrays.copyOf(more, 2 * moreCount);
            moreWrites = Arrays.copyOf(moreWrites, 2 * moreCount);
        }
        more[moreCount] = reached;
        moreWrites[moreCount++] = isWritten;
    }

    /**
     * {@return this step with all its locations, to compare later ones of other runs with, which begin like this one;
     * null if it has made one access only}
     */
    PathStep whole() {
        if (moreCount == 0) {
            return null;
        }
        PathStep copy = new PathStep();
        copy.location = location;
        copy.writes = writes;
        System.arraycopy(others, 0, copy.others, 0, otherCount);
        copy.otherCount = otherCount;
        copy.otherWrites = otherWrites;
        copy.everything = everything;
        copy.exchanges = exchanges;
        copy.ends = ends;
        copy.daemon = daemon;
        copy.more = Arrays.copyOf(more, moreCount);
        copy.moreWrites = Arrays.copyOf(moreWrites, moreCount);
        copy.moreCount = moreCount;
        copy.known = known;
        copy.types = new String[moreCount];
        copy.fields = new int[moreCount];
        for (int i = 0; i < moreCount; i++) {
            if (more[i].id() >= known) {
                copy.types[i] = type(more[i]);
                copy.fields[i] = more[i].field();
                copy.more[i] = null;
            }
        }
        return copy;
    }

    private static String type(Location location) {
        return location.object() == null ? "" : location.object().getClass().getName();
    }

    /** {@return whether it may have written a location} */
    boolean mayWrite(Location reached) {
        return everything || reaches(reached, false);
    }

    /** {@return whether a location is, or may be, one of the further ones} */
    private boolean isMore(int i, Location reached) {
        return more[i] == reached || more[i] == null && reached.id() >= known && reached.field() == fields[i]
                && type(reached).equals(types[i]);
    }

    /** {@return whether this step and a whole step of another strand are dependent} */
    boolean dependsOn(PathStep other) {
        if (everything || other.everything || exchanges && other.exchanges || ends && other.daemon
                || daemon && other.ends || other.reaches(location, writes)) {
            return true;
        }
        for (int i = 0; i < otherCount; i++) {
            if (other.reaches(others[i], (otherWrites & 1 << i) != 0)) {
                return true;
            }
        }
        for (int i = 0; i < moreCount; i++) {
            if (other.reaches(more[i], moreWrites[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean reaches(Location reached, boolean isWritten) {
        if (reached == null) {
            return false;
        }
        if (reached == location && (writes || isWritten)) {
            return true;
        }
        for (int i = 0; i < otherCount; i++) {
            if (others[i] == reached && (isWritten || (otherWrites & 1 << i) != 0)) {
                return true;
            }
        }
        for (int i = 0; i < moreCount; i++) {
            if ((isWritten || moreWrites[i]) && isMore(i, reached)) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether this step and the next step of another strand are dependent} */
    boolean dependsOn(Strand other) {
        if (location != null && location == other.location() && (writes || writes(other))) {
            return true;
        }
        return everything || other.dependsOnAll() || ends && other.isDaemon() || daemon && ends(other)
                || (otherCount | other.otherCount()) != 0 && reaches(other) || moreCount != 0 && reachesMore(other);
    }

    private boolean reachesMore(Strand other) {
        for (int i = 0; i < moreCount; i++) {
            if (touches(other, more[i], moreWrites[i])) {
                return true;
            }
        }
        return false;
    }

    private boolean reaches(Strand other) {
        for (int i = 0; i < otherCount; i++) {
            if (touches(other, others[i], (otherWrites & 1 << i) != 0)) {
                return true;
            }
        }
        return touchesBeside(other, location, writes);
    }

    private static boolean touches(Strand strand, Location location, boolean writes) {
        return strand.location() == location && (writes || writes(strand))
                || touchesBeside(strand, location, writes);
    }

    private static boolean touchesBeside(Strand strand, Location location, boolean writes) {
        for (int i = 0; i < strand.otherCount(); i++) {
            if (strand.other(i) == location && (writes || (strand.otherWrites() & 1 << i) != 0)) {
                return true;
            }
        }
        return false;
    }

    private static boolean writes(Strand strand) {
        return (strand.mode() & (Access.WRITE | Access.CONDITIONAL)) != 0;
    }

    private static boolean ends(Strand strand) {
        return strand.site() == Strand.END && !strand.isDaemon();
    }
}
