package org.smp4j.explore;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is ordered before what in the Java memory model, by vector clocks; finds the plain accesses that are ordered by nothing. While it looks, those races
 * decide which plain fields are worth a decision: where all accesses to a plain field are ordered, switching at them shows nothing that switching at the
 * accesses which order them does not.
 */
final class HappensBefore {
    /** Two plain accesses to the same thing, one of them a write, neither ordered before the other. */
    record Race(String what, int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        @Override
        public String toString() {
            return what + ": " + (firstWrites ? "written" : "read") + " at " + Sites.get(firstSite).place() + " and "
                    + (secondWrites ? "written" : "read") + " at " + Sites.get(secondSite).place() + " with nothing that orders them";
        }
    }

    private final Map<Integer, Race> races = new LinkedHashMap<>();
    /** {@return the races by field, the first of each} */
    Map<Integer, Race> races() {
        return races;
    }

    void started(Strand parent, Strand child) {
        child.clock = parent == null || parent.clock == null ? new int[8] : sized(parent.clock.clone(), child.id);
        tick(child);
        if (parent != null) {
            tick(parent);
        }
    }

    /** All that was done comes before what is done from here on by one who waited until nobody could do anything more. */
    void joinAll(Strand strand) {
        for (Strand other : strand.execution.strands()) {
            join(strand, other.clock);
        }
    }

    void access(Strand strand, Location location, int mode, int site) {
        if ((mode & Access.ACQUIRE) != 0 && location.released != null) {
            join(strand, location.released);
        }
        if ((mode & Access.PLAIN) != 0) {
            plain(strand, location, (mode & Access.WRITE) != 0, site);
        } else {
            ordered(strand, location, mode, site);
        }
        if ((mode & Access.RELEASE) != 0 && (mode & Access.CONDITIONAL) == 0) {
            release(strand, location, (mode & Access.READ) != 0);
        } else if ((mode & (Access.WRITE | Access.CONDITIONAL | Access.PLAIN)) == Access.WRITE) {
            location.released = null;
        }
    }

    void exchanged(Strand strand, Location location, int mode, boolean success) {
        if (success && (mode & Access.RELEASE) != 0) {
            release(strand, location, true);
        }
    }

    private void release(Strand strand, Location location, boolean alsoEarlier) {
        int[] own = strand.clock.clone();
        if (alsoEarlier && location.released != null) {
            own = max(own, location.released);
        }
        location.released = own;
        tick(strand);
    }

    private void plain(Strand strand, Location location, boolean writes, int site) {
        int id = strand.id;
        if (location.writer >= 0 && location.writer != id && at(strand.clock, location.writer) < location.writeTime) {
            race(location, location.writeSite, true, site, writes);
        }
        if (writes) {
            if (location.readTimes != null) {
                for (int other = 0; other < location.readTimes.length; other++) {
                    if (other != id && location.readTimes[other] > at(strand.clock, other)) {
                        race(location, location.readSites[other], false, site, true);
                    }
                }
            }
            location.writer = id;
            location.writeTime = at(strand.clock, id);
            location.writeSite = site;
        } else {
            noteRead(strand, location, site);
        }
    }

    private static void noteRead(Strand strand, Location location, int site) {
        int id = strand.id;
        location.readTimes = location.readTimes == null ? new int[8] : location.readTimes;
        location.readTimes = sized(location.readTimes, id);
        location.readSites = location.readSites == null ? new int[8] : location.readSites;
        location.readSites = sized(location.readSites, id);
        location.readTimes[id] = at(strand.clock, id);
        location.readSites[id] = site;
    }

    /** An atomic access races with plain ones only. */
    private void ordered(Strand strand, Location location, int mode, int site) {
        if (location.writer >= 0 && location.writer != strand.id && at(strand.clock, location.writer) < location.writeTime) {
            race(location, location.writeSite, true, site, (mode & Access.WRITE) != 0);
        }
    }

    private void race(Location location, int firstSite, boolean firstWrites, int secondSite, boolean secondWrites) {
        int field = Sites.fieldOf((Sites.modeOf(firstSite) & Access.PLAIN) != 0 ? firstSite : secondSite);
        races.computeIfAbsent(field, f -> new Race(Sites.fieldName(f), firstSite, firstWrites, secondSite, secondWrites));
        Sites.share(field);
    }

    private static void tick(Strand strand) {
        strand.clock = sized(strand.clock, strand.id);
        strand.clock[strand.id]++;
    }

    private static void join(Strand strand, int[] other) {
        if (other != null) {
            strand.clock = max(strand.clock, other);
        }
    }

    private static int[] max(int[] a, int[] b) {
        int[] result = a.length >= b.length ? a : Arrays.copyOf(a, b.length);
        for (int i = 0; i < b.length; i++) {
            result[i] = Math.max(result[i], b[i]);
        }
        return result;
    }

    private static int at(int[] clock, int id) {
        return id < clock.length ? clock[id] : 0;
    }

    private static int[] sized(int[] clock, int id) {
        return id < clock.length ? clock : Arrays.copyOf(clock, Math.max(id + 1, 2 * clock.length));
    }
}
