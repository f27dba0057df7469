package org.smp4j.explore.search;

import org.smp4j.explore.model.Access;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/** One step of the current path of a partial-order search. */
final class PathStep {
    int strand;
    Location location;
    boolean writes;
    boolean unlocks;
    final Location[] others = new Location[Strand.MOST_OTHERS];
    int otherCount;
    int otherWrites;
    boolean everything;
    // Whether the run may end with it; whether it is of a daemon, for which the run does not wait.
    boolean ends;
    boolean daemon;
    // By strand: the length of the path up to the strand's last step that happens before this one.
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

    /** {@return whether this step and the next step of another strand are dependent} */
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
