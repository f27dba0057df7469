package org.smp4j.explore.detect;

import java.util.Arrays;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Strand;

/**
 * Which strands reach a plain field in a run. A field that two strands reach for the first time, in a schedule that few
 * are like, was never seen to race: such a schedule is made again with the race detector. What is news is decided by
 * the runs before the first schedule alone, so that it does not depend on which schedules this process has made.
 */
public final class FieldMeetings {
    private static final int MAIN = 1; // the bit of the first strand, which sets up and checks

    // By field: the strands that have reached it in this run, those that reached it in one run before the first
    // schedule.
    private long[] strands = new long[0];
    private long[] known = new long[0];
    // The fields that were reached in this run.
    private int[] reached = new int[64];
    private int count;
    private boolean learns = true;
    private boolean news;

    public void begin() {
        for (; count > 0; count--) {
            strands[reached[count - 1]] = 0;
        }
        news = false;
    }

    public void reached(int field, Strand strand) {
        if (field >= strands.length || (strands[field] & strand.bit) == 0) {
            meet(field, strand);
        }
    }

    private void meet(int field, Strand strand) {
        if (field >= strands.length) {
            int length = Math.max(Sites.fieldCount(), field + 1);
            strands = Arrays.copyOf(strands, length);
            known = Arrays.copyOf(known, length);
        }
        if (strands[field] == 0) {
            begin(field, strand);
            return;
        }
        strands[field] |= strand.bit;
        if (learns) {
            known[field] |= strands[field];
        }
        news |= (strands[field] & ~known[field]) != 0;
    }

    private void begin(int field, Strand strand) {
        if (count == reached.length) {
            reached = Arrays.copyOf(reached, 2 * count);
        }
        reached[count++] = field;
        strands[field] = strand.bit;
    }

    /**
     * The runs before the first schedule are over. A field that two strands beside the first have reached in one of
     * them is looked at no more.
     */
    public void known() {
        learns = false;
        for (int field = 0; field < known.length; field++) {
            if (Long.bitCount(known[field] & ~MAIN) > 1) {
                Sites.familiar(field);
            }
        }
    }

    /**
     * {@return whether strands have met at a field where the runs before the first schedule have not shown that they
     * do}
     */
    public boolean news() {
        return news;
    }
}
