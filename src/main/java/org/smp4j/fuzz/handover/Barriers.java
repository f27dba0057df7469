package org.smp4j.fuzz.handover;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.Exploring;
import org.smp4j.fuzz.rule.ProgramRule;

/**
 * Barriers on all CPUs. Of a task that writes, makes one and then reads, and a task of the same process that writes and
 * then reads without any ordering, at least one sees what the other has written. And of two things that such a task
 * writes, one that sees the second, makes a barrier and then reads sees the first.
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
        final HandOver writtenThen;
        final Set<Side> seen = new HashSet<>(); // guarded by the barriers
        boolean done; // guarded by the barriers

        Side(Object name) {
            this.name = name;
            written = HandOver.of("", name);
            writtenThen = HandOver.of("", name);
        }
    }

    /**
     * Writes, makes a barrier, reads.
     *
     * @param name the operation
     * @param prepares what comes before
     * @param barrier makes the barrier
     */
    public void withBarrier(Object name, Runnable prepares, Runnable barrier) {
        List<Side> before = begun(without);
        before.removeIf(each -> !each.writtenThen.isFound());
        prepares.run();
        play(new Side(name), withBarrier, barrier, without, before);
    }

    /**
     * Writes and reads.
     *
     * @param name the operation
     */
    public void without(Object name) {
        play(new Side(name), without, () -> { }, withBarrier, List.of());
    }

    private List<Side> begun(List<Side> sides) {
        List<Side> begun = new ArrayList<>();
        Exploring.quietly(() -> {
            synchronized (this) {
                begun.addAll(sides);
            }
        });
        return begun;
    }

    private void play(Side own, List<Side> same, Runnable between, List<Side> others, List<Side> known) {
        Exploring.quietly(() -> {
            synchronized (this) {
                same.add(own);
            }
        });
        own.written.write();
        own.writtenThen.write();
        between.run();
        List<Side> seen = begun(others);
        seen.removeIf(each -> !each.written.isSeen());
        for (Side each : known) {
            if (!seen.contains(each)) {
                ProgramRule.broken("no barrier", own.name + " has seen the second thing that " + each.name
                        + " wrote, and after a barrier does not see the first");
            }
        }
        Exploring.quietly(() -> {
            synchronized (this) {
                own.seen.addAll(seen);
                own.done = true;
                for (Side each : others) {
                    if (each.done && !each.seen.contains(own) && !own.seen.contains(each)) {
                        ProgramRule.broken("no barrier", "neither " + own.name + " nor " + each.name
                                + " sees what the other has written");
                    }
                }
            }
        });
    }
}
