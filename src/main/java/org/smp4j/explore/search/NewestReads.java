package org.smp4j.explore.search;

import java.util.List;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;

/**
 * Shows of a program, while a search makes its sequentially consistent runs, that under {@code java} it has no others:
 * in another order of the steps all reads of any run are reads of the newest values.
 *
 * <p>A read that may miss a write could also be made before it, unless it has to come after it: by the order of its
 * strand, and of dependent steps of others. If no read of a sequentially consistent run may miss a write that it has
 * to come after, then the steps of each other run can be put in the order of a sequentially consistent one. That
 * follows step by step. A write, an atomic operation and a read of the newest value come last in that order, as they
 * do in the run. A read that misses writes can be moved before them, as nothing forces it behind.
 *
 * <p>Which of these writes is looked at in a run makes no difference: if a read has to come after one that it may
 * miss, then the search also makes a run in which no write comes before the read that need not, and there it has to
 * come after each. What it may miss is the same in all these runs, since the memory leaves out what volatile accesses
 * and full fences of different locations hand on to each other (see {@code ordersVolatile} of a strategy): what a
 * strand knows then follows from the values that were read, and is at most what it knows by the model. What has to
 * come before a step is at least what has to by the model: lock operations, ends of threads and conditional writes
 * that have not written count, too. The turn of a spin loop does not count, as one that sees what the turn before saw
 * changes nothing.
 *
 * <p>That is not shown for writes that land before newer ones, so with these the search tries older values.
 */
final class NewestReads {
    // What has to come before the running strand's step that is being made, before the step was counted.
    private final int[] before = new int[StrandSet.FEW];

    /** A strand is about to make a step, or a further access of one. */
    void announced(Strand strand, StrandClocks clocks) {
        clocks.copy(strand.id, before);
    }

    /**
     * {@return whether the strand's read, which is about to be made and may miss a write, could be made before the last
     * step that may have written the location; false if that is not known}
     *
     * @param strand the reader
     * @param events the path
     * @param count the number of steps before the read's
     */
    boolean mayComeBefore(Strand strand, List<PathStep> events, int count) {
        for (int i = count - 1; i >= 0; i--) {
            PathStep event = events.get(i);
            if (event.mayWrite(strand.location())) {
                return before[event.strand] <= i;
            }
        }
        return false; // it was written before the path begins, or by what is no step
    }
}
