package org.smp4j.explore.detect;

/** Which strands have reached one location in a run, when and how; and what the last release made known there. */
final class AccessHistory {
    private static final int SHARED = -1;

    // In which run; of an earlier one nothing below counts.
    int run;
    int[] released;
    boolean isReleased;
    // Bits of the kinds of accesses that were made.
    int marked;
    // Most locations are reached by one strand only: which, and by kind when and where. As soon as there is a second:
    // SHARED, and the marks.
    private int only;
    private int[] own;
    Marks[] marks;

    void begin(int newRun) {
        run = newRun;
        isReleased = false;
        marked = 0;
    }

    /** {@return whether no other strand has come here} */
    boolean isOnly(int strand) {
        return only == strand || marked == 0;
    }

    void noteOnly(int strand, int kind, int time, int site) {
        only = strand;
        marked |= 1 << kind;
        if (own == null) {
            own = new int[2 * HappensBefore.KINDS];
        }
        own[kind] = time;
        own[HappensBefore.KINDS + kind] = site;
    }

    /** A second strand has come: from here on there are marks. */
    void share() {
        if (only == SHARED) {
            return;
        }
        int kinds = marked;
        int first = only;
        only = SHARED;
        marked = 0;
        for (int kind = 0; kind < HappensBefore.KINDS; kind++) {
            if ((kinds & 1 << kind) != 0) {
                note(kind, first, own[kind], own[HappensBefore.KINDS + kind]);
            }
        }
    }

    /** {@return whether a strand has made such an access at its present time} */
    boolean has(int kind, int strand, int time) {
        return (marked & 1 << kind) != 0 && (marks[kind].strands & 1L << strand) != 0
                && marks[kind].times[strand] == time;
    }

    void note(int kind, int strand, int time, int site) {
        if (marks == null) {
            marks = new Marks[HappensBefore.KINDS];
        }
        if (marks[kind] == null) {
            marks[kind] = new Marks();
        }
        marks[kind].note(strand, time, site, (marked & 1 << kind) == 0);
        marked |= 1 << kind;
    }

    /** When each strand last made accesses of one kind, and where. */
    static final class Marks {
        // The strands that did in this run; of others nothing below counts.
        long strands;
        int[] times = new int[8];
        int[] sites = new int[8];

        private void note(int strand, int time, int site, boolean first) {
            if (strand >= times.length) {
                times = HappensBefore.sized(times, strand);
                sites = HappensBefore.sized(sites, strand);
            }
            strands = first ? 1L << strand : strands | 1L << strand;
            times[strand] = time;
            sites[strand] = site;
        }
    }
}
