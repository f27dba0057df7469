package org.smp4j.explore.detect;

import org.smp4j.explore.run.StrandSet;

/**
 * The accesses of all strands to one location in a run, with their times and sites, and the clock that the last release
 * published there.
 */
final class AccessHistory {
    private static final int SHARED = -1;

    // The run of the data below; data of an earlier run does not count.
    int run;
    int[] released;
    boolean isReleased;
    // One bit for each kind of access that was made.
    int marked;
    // Only one strand reaches most locations: its id, and by kind of access the time and the site. From a second strand
    // on: SHARED, and the marks.
    private int only;
    private int[] own;
    Marks[] marks;

    void begin(int newRun) {
        run = newRun;
        isReleased = false;
        marked = 0;
    }

    /** {@return whether no other strand has reached the location} */
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

    /** A second strand reaches the location: from here on there are marks. */
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
        return (marked & 1 << kind) != 0 && marks[kind].has(strand)
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

    /** The strands with an access of one kind in this run, and the time and site of each one's last. */
    static final class Marks extends StrandSet {
        int[] times = new int[8];
        int[] sites = new int[8];

        private void note(int strand, int time, int site, boolean first) {
            if (strand >= times.length) {
                times = HappensBefore.sized(times, strand);
                sites = HappensBefore.sized(sites, strand);
            }
            if (first) {
                clear();
            }
            add(strand);
            times[strand] = time;
            sites[strand] = site;
        }
    }
}
