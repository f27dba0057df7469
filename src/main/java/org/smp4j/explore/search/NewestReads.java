package org.smp4j.explore.search;

import java.util.List;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;
import org.smp4j.explore.run.Wait;

/**
 * Shows of a program, while a search makes its sequentially consistent runs, that under
 * {@link org.smp4j.explore.memory.MemoryModel#JAVA} it has no others: all reads of all runs could be reads of the newest
 * values, in another order of the steps.
 *
 * <p>A read that may miss a write could also be made before that write, unless it has to come after it: by the order of
 * its strand, and of dependent steps of others. If no read of a sequentially consistent run may miss a write that it has
 * to come after, then the steps of each other run can be put in the order of a sequentially consistent one. That follows
 * step by step: a write and an atomic operation come last in that order, as in the run; so does a read of the newest
 * value; and one that misses a write can be moved before it, as nothing forces it behind.
 *
 * <p>What a read may miss has to be the same for all orders of steps that are no dependent ones, in all those runs. So
 * the memory leaves out what volatile accesses and full fences of different locations hand on to each other (see
 * {@link org.smp4j.explore.run.Strategy#ordersVolatile}): then a read may miss at least what it may in any of them. What
 * has to come before a step is never less than it is by the model: lock operations, ends of threads and conditional
 * writes that do not write count, too. The turn of a spin loop does not count: a turn that sees what the one before saw
 * changes nothing.
 */
final class NewestReads {
    // What has to come before each strand's next step; and the same for the running strand, before the step that is
    // being made was counted.
    private final StrandClocks pasts = new StrandClocks();
    private final int[] before = new int[StrandSet.FEW];

    void begin() {
        pasts.begin();
    }

    /** A strand is about to make a step, or a further access of one. */
    void announced(Strand strand) {
        pasts.copy(strand.id, before);
    }

    /** An earlier step has to come before the strand's step. */
    void follows(Strand strand, PathStep earlier) {
        pasts.join(strand.id, earlier.past);
    }

    /** The step of a strand is complete up to now. */
    void noted(Strand strand, PathStep step, int index) {
        pasts.of(strand.id)[strand.id] = index + 1;
        pasts.copy(strand.id, step.past);
    }

    void started(Run x, Strand parent, Strand child, List<PathStep> events) {
        pasts.width(x.strandCount());
        for (PathStep event : child.point() == 0 ? events : List.<PathStep>of()) {
            event.past[child.id] = 0; // an ended strand had the number before
        }
        if (parent != null) {
            pasts.join(child.id, pasts.of(parent.id));
        }
    }

    void woken(Strand by, Strand strand) {
        if (strand.waitsFor() != Wait.SPIN) {
            pasts.join(strand.id, pasts.of(by.id));
        }
    }

    void timePassed(Run x) {
        pasts.timePassed(x);
    }

    /** A conditional write, the last access of a step, has written or not. */
    static void exchanged(Strand strand, PathStep step, boolean success) {
        if (step.strand == strand.id && step.location == strand.location()) {
            step.wrote = success;
        }
    }

    /**
     * {@return whether the strand's read, which is about to be made, could be made before the first write that it may
     * miss; false if that is not known}
     *
     * @param strand the reader
     * @param missed how many of the location's last writes it may miss
     * @param events the path
     * @param count the number of steps before the read's
     */
    boolean mayComeBefore(Strand strand, int missed, List<PathStep> events, int count) {
        Location location = strand.location();
        int left = missed;
        for (int i = count - 1; i >= 0; i--) {
            PathStep event = events.get(i);
            if (event.reachesAmongOthers(location)) {
                return false; // how often it has written is not known
            }
            if (event.location == location && event.wrote && --left == 0) {
                return before[event.strand] <= i;
            }
        }
        return false; // it was written before the path begins, or by what is no step
    }
}
