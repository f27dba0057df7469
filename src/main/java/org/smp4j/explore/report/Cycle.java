package org.smp4j.explore.report;

import java.util.List;

/**
 * The cycle of steps that a run repeats at its end.
 *
 * @param begin the index of the first step of the first such round
 * @param length how many steps one round has; 0 if there is none
 */
record Cycle(int begin, int length) {
    private static final int MOST = 20_000;
    private static final int TIMES = 3;

    /** {@return the cycle of a run: the one that covers the longest stretch at its end} */
    static Cycle of(List<Step> steps) {
        int n = Math.min(steps.size(), MOST);
        long[] back = new long[n]; // the last step first
        for (int i = 0; i < n; i++) {
            Step step = steps.get(steps.size() - 1 - i);
            back[i] = (long) step.strand << Integer.SIZE | step.site;
        }
        int covered = 0;
        int length = 0;
        int[] border = new int[n + 1]; // by length of a prefix: its longest border
        for (int i = 1, k = 0; i < n; i++) {
            while (k > 0 && back[i] != back[k]) {
                k = border[k];
            }
            k += back[i] == back[k] ? 1 : 0;
            border[i + 1] = k;
            int period = i + 1 - k;
            if (i + 1 >= TIMES * period) {
                covered = i + 1;
                length = period;
            }
        }
        return new Cycle(steps.size() - covered, length);
    }
}
