package org.smp4j.explore.search;

import org.smp4j.explore.model.Access;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/** One step of the path that a partial-order search is on. */
final class PathStep {
    int strand;
    Location location;
    boolean writes;
    boolean unlocks;
    final Location[] others = new Location[Strand.MOST_OTHERS];
    int otherCount;
    int otherWrites;
    boolean everything;
    // Whether the run may end with it, and whether it is of a strand for which that does not wait.
    boolean ends;
    boolean daemon;
    // By strand: how many steps of the path happen before this one at least, up to the strand's last of them.
    final int[] clock = new int[Run.MAX_STRANDS];

    void is(Strand of) {
        strand = of.id;
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
    }

    /** {@return whether the order of this step and another strand's makes a difference} */
    boolean dependsOn(Strand other) {
        if (location != null && location == other.location() && (writes || writes(other))) {
            return true;
        }
        return everything || other.dependsOnAll() || ends && other.isDaemon() || daemon && ends(other)
                || (otherCount | other.otherCount()) != 0 && reaches(other);
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
