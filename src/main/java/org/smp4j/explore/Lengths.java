package org.smp4j.explore;

/** How many steps each strand has at most, as far as is known. */
final class Lengths {
    private final int[] most = new int[64];
    private int strands = 1;

    void learn(Execution x) {
        strands = Math.max(strands, x.strandCount());
        for (int id = 0; id < x.strandCount(); id++) {
            most[id] = Math.max(most[id], x.strand(id).point);
        }
    }

    int strands() {
        return strands;
    }

    int of(int strand) {
        return most[strand];
    }
}
