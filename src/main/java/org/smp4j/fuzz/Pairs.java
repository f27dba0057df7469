package org.smp4j.fuzz;

import java.util.Arrays;
import java.util.TreeSet;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Randomness;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Observer;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;

/**
 * The pairs of conflicting sites that runs have shown: two threads reached the same location one after the other there,
 * and one of them wrote. A pair is a number that is the same in every process; its lowest byte is the number of the
 * higher of the two floors.
 */
final class Pairs implements Observer {
    private static final String[] FLOORS = {"lib", "cpu", "call", "sched", "stop", "hotplug"};

    // By location of the run: the site of the last write, and that of the last read, and whose they were.
    private int[] writes = new int[256];
    private int[] writers = new int[256];
    private int[] reads = new int[256];
    private int[] readers = new int[256];
    private long[] table = new long[1 << 12];
    private int count;
    // By site, each plus one; 0 if not known yet.
    private byte[] floors = new byte[1024];
    private int[] labels = new int[1024];

    /** {@return the name of a pair's floor}; "program" for one above the tower */
    static String floor(long pair) {
        int number = (int) (pair & 0xff);
        return number < FLOORS.length ? FLOORS[number] : "program";
    }

    /** {@return the names of all floors, lowest first} */
    static String[] floors() {
        String[] all = Arrays.copyOf(FLOORS, FLOORS.length + 1);
        all[FLOORS.length] = "program";
        return all;
    }

    /** {@return the pairs so far, in order} */
    long[] pairs() {
        TreeSet<Long> all = new TreeSet<>();
        for (long pair : table) {
            if (pair != 0) {
                all.add(pair);
            }
        }
        return all.stream().mapToLong(Long::longValue).toArray();
    }

    @Override
    public void started(Run x, Strand parent, Strand child) {
        if (parent == null) { // a run begins
            Arrays.fill(writers, 0);
            Arrays.fill(readers, 0);
        }
    }

    @Override
    public void performed(Run x, Strand strand) {
        Location location = strand.location();
        if (location == null || !x.inStretch()) {
            return;
        }
        int id = location.id();
        if (id >= writes.length) {
            int length = Math.max(id + 1, 2 * writes.length);
            writes = Arrays.copyOf(writes, length);
            writers = Arrays.copyOf(writers, length);
            reads = Arrays.copyOf(reads, length);
            readers = Arrays.copyOf(readers, length);
        }
        int self = strand.id + 1;
        int site = strand.site();
        if (writers[id] != 0 && writers[id] != self) {
            add(writes[id], site);
        }
        if ((strand.mode() & (Access.WRITE | Access.CONDITIONAL)) != 0) {
            if (readers[id] != 0 && readers[id] != self) {
                add(reads[id], site);
            }
            writes[id] = site;
            writers[id] = self;
            readers[id] = 0;
        } else {
            reads[id] = site;
            readers[id] = self;
        }
    }

    private void add(int first, int second) {
        look(first);
        look(second);
        long hash = Randomness.mix((long) labels[first] - 1 << 32 | labels[second] - 1 & 0xffff_ffffL);
        long pair = hash & ~0xffL | Math.max(floors[first], floors[second]) - 1;
        if (pair == 0) {
            return;
        }
        int slot = (int) (pair >>> 20) & table.length - 1;
        while (table[slot] != 0) {
            if (table[slot] == pair) {
                return;
            }
            slot = slot + 1 & table.length - 1;
        }
        table[slot] = pair;
        if (2 * ++count > table.length) {
            long[] before = table;
            table = new long[2 * before.length];
            for (long each : before) {
                int place = (int) (each >>> 20) & table.length - 1;
                while (each != 0 && table[place] != 0) {
                    place = place + 1 & table.length - 1;
                }
                if (each != 0) {
                    table[place] = each;
                }
            }
        }
    }

    private void look(int site) {
        if (site >= floors.length) {
            floors = Arrays.copyOf(floors, Math.max(site + 1, 2 * floors.length));
            labels = Arrays.copyOf(labels, floors.length);
        }
        if (floors[site] == 0) {
            String owner = Sites.get(site).owner();
            int floor = FLOORS.length;
            for (int i = 0; i < FLOORS.length; i++) {
                if (owner.startsWith("org.smp4j." + FLOORS[i] + ".") || owner.startsWith("org/smp4j/" + FLOORS[i])) {
                    floor = i;
                }
            }
            floors[site] = (byte) (floor + 1);
            labels[site] = Sites.label(site) + 1;
        }
    }
}
