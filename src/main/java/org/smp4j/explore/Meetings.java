package org.smp4j.explore;

import java.util.Arrays;

/**
 * Which strands reach a plain field in a run. A field that two strands reach for the first time, in a schedule that few
 * are like, was never seen to race: such a schedule is made again with the race detector. What is news is decided by
 * the runs before the first schedule alone, so that it does not depend on which schedules this process has made.
 */
final class Meetings {
    private static final int MAIN = 1; // the bit of the first strand, which sets up and checks

    // By field: the last run in which it was reached, the strands that have reached it in that run, those that reached
    // it in one run before the first schedule.
    private int[] runs = new int[0];
    private long[] strands = new long[0];
    private long[] known = new long[0];
    private int run;
    private boolean learns = true;
    private boolean news;

    void begin() {
        run++;
        news = false;
    }

    void reached(int field, Strand strand) {
        if (field >= runs.length) {
            grow(field);
        }
        if (runs[field] != run) {
            runs[field] = run;
            strands[field] = strand.bit;
        } else if ((strands[field] & strand.bit) == 0) {
            meet(field, strand);
        }
    }

    private void meet(int field, Strand strand) {
        strands[field] |= strand.bit;
        if (learns) {
            known[field] |= strands[field];
        }
        news |= (strands[field] & ~known[field]) != 0;
    }

    private void grow(int field) {
        int length = Math.max(Sites.fieldCount(), field + 1);
        runs = Arrays.copyOf(runs, length);
        strands = Arrays.copyOf(strands, length);
        known = Arrays.copyOf(known, length);
    }

    /**
     * The runs before the first schedule are over. A field that two strands beside the first have reached in one of
     * them is looked at no more.
     */
    void known() {
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
    boolean news() {
        return news;
    }
}
