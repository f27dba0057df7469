package org.smp4j.fuzz.handover;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.Exploring;

/**
 * Barriers on all CPUs: of a task that writes, makes one and then reads, and a task of the same process that writes and
 * then reads without any ordering, at least one sees what the other has written.
 */
public final class Barriers {
    private final List<Side> withBarrier = new ArrayList<>(); // guarded by this
    private final List<Side> without = new ArrayList<>(); // guarded by this

    /** For a run. */
    public Barriers() {
    }

    /** What one task does. */
    private static final class Side {
        final Object name;
        final HandOver written;
        final Set<Side> seen = new HashSet<>(); // guarded by the barriers
        boolean done; // guarded by the barriers

        Side(Object name) {
            this.name = name;
            written = HandOver.of("", name);
        }
    }

    /**
     * Writes, makes a barrier, reads.
     *
     * @param name the operation
     * @param barrier makes the barrier
     */
    public void withBarrier(Object name, Runnable barrier) {
        play(new Side(name), withBarrier, barrier, without);
    }

    /**
     * Writes and reads.
     *
     * @param name the operation
     */
    public void without(Object name) {
        play(new Side(name), without, () -> { }, withBarrier);
    }

    private void play(Side own, List<Side> same, Runnable between, List<Side> others) {
        Exploring.quietly(() -> {
            synchronized (this) {
                same.add(own);
            }
        });
        own.written.write();
        between.run();
        List<Side> begun = new ArrayList<>();
        Exploring.quietly(() -> {
            synchronized (this) {
                begun.addAll(others);
            }
        });
        List<Side> seen = new ArrayList<>();
        for (Side each : begun) {
            if (each.written.isSeen()) {
                seen.add(each);
            }
        }
        Exploring.quietly(() -> {
            synchronized (this) {
                own.seen.addAll(seen);
                own.done = true;
                for (Side each : others) {
                    if (each.done && !each.seen.contains(own) && !own.seen.contains(each)) {
                        Exploring.broken("no barrier", "neither " + own.name + " nor " + each.name
                                + " sees what the other has written", List.of());
                    }
                }
            }
        });
    }
}
