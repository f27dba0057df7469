package org.smp4j.explore.search;

import java.util.Arrays;
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
    private int[] alternatives = new int[2];
    private int[] tried = new int[2];
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

    /** {@return the alternative to take at the step's choice with a number} */
    int choose(int choice, int count) {
        if (choice == choices) {
            if (choices == tried.length) {
                alternatives = Arrays.copyOf(alternatives, 2 * choices);
                tried = Arrays.copyOf(tried, 2 * choices);
            }
            alternatives[choices] = count;
            tried[choices++] = 0;
        }
        return tried[choice];
    }

    /** {@return whether another combination of alternatives is left; it is then the one to take} */
    boolean nextChoice() {
        for (int i = choices - 1; i >= 0; i--) {
            if (++tried[i] < alternatives[i]) {
                choices = i + 1;
                return true;
            }
        }
        return false;
    }
}
