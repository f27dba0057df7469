package org.smp4j.explore.search;

import java.util.Arrays;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.StrandSet;

/** For each strand of a run, the length of the path up to each strand's last step that is before its next one. */
final class StrandClocks {
    private int[][] clocks = new int[8][];
    private int width; // the number of strands

    /** A run begins. */
    void begin() {
        for (int[] clock : clocks) {
            if (clock != null) {
                Arrays.fill(clock, 0);
            }
        }
        width = 0;
    }

    int width() {
        return width;
    }

    void width(int strands) {
        width = strands;
    }

    int[] of(int strand) {
        if (strand >= clocks.length) {
            clocks = Arrays.copyOf(clocks, 2 * strand + 2);
        }
        if (clocks[strand] == null) {
            clocks[strand] = new int[StrandSet.FEW];
        }
        return clocks[strand];
    }

    /** What is before another step is before the strand's next one as well. */
    void join(int strand, int[] other) {
        join(of(strand), other);
    }

    private void join(int[] clock, int[] other) {
        for (int i = 0; i < width; i++) {
            clock[i] = Math.max(clock[i], other[i]);
        }
    }

    void copy(int strand, int[] to) {
        System.arraycopy(of(strand), 0, to, 0, width);
    }

    /** All steps so far are before all further ones. */
    void timePassed(Run x) {
        int[] everything = new int[StrandSet.FEW];
        for (int id = 0; id < x.strandCount(); id++) {
            join(everything, of(id));
        }
        for (int id = 0; id < x.strandCount(); id++) {
            join(id, everything);
        }
    }

    /** {@return whether none of some steps, one of each strand, is before what a clock of another strand stands for} */
    boolean followsNone(int[] clock, int strand, int[] steps) {
        for (int other = 0; other < width; other++) {
            if (other != strand && steps[other] >= 0 && clock[other] > steps[other]) {
                return false;
            }
        }
        return true;
    }
}
