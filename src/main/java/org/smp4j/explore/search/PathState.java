package org.smp4j.explore.search;

import org.smp4j.explore.run.StrandSet;

/** The state before one step of the current path. */
final class PathState {
    long enabled;
    // By bit: the strands to try here, those tried, and those asleep: tried before, and no step since depended on
    // theirs.
    long backtrack;
    long done;
    long sleep;
    int chosen;
    // By strand: the whole step that a strand asleep or done would make, if it has several accesses.
    private PathStep[] wholes;
    // The scenario's choices at the step: the number of alternatives of each, and the one that is tried.
    int[] alternatives = new int[2];
    int[] tried = new int[2];
    int choices;

    PathStep whole(int strand) {
        return wholes == null ? null : wholes[strand];
    }

    void whole(int strand, PathStep step) {
        if (step != null && wholes == null) {
            wholes = new PathStep[StrandSet.FEW];
        }
        if (wholes != null) {
            wholes[strand] = step;
        }
    }
}
