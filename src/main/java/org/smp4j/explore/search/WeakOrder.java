package org.smp4j.explore.search;

import org.smp4j.explore.memory.MemoryModel;
import org.smp4j.explore.memory.WeakMemory;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Strand;

/**
 * Which steps have one order by the memory model, whatever locations they reach: under {@link MemoryModel#JAVA}
 * volatile accesses and full fences, which hand on what others have published; under {@link MemoryModel#TSO} stores and
 * what waits for them. Two other steps that reach different locations can be swapped: what each one does to the views
 * of its strand, and to its location, does not depend on the other.
 *
 * <p>A program whose accesses are all volatile has sequentially consistent runs only under {@link MemoryModel#JAVA}. As
 * long as no other access is seen there is no such order, and no read has a choice. The same holds for other programs
 * as long as {@link NewestReads} has not found a read that may miss a write which it has to come after.
 */
final class WeakOrder {
    private final MemoryModel model;
    // Whether an access that is not volatile was seen; whether a read was found that may miss such a write; both.
    private boolean partly;
    private boolean missing;
    private boolean mixed;

    WeakOrder(MemoryModel model) {
        this.model = model;
        mixed = model == MemoryModel.TSO;
    }

    /** {@return whether reads may return older values} */
    boolean isWeak() {
        return mixed;
    }

    /** {@return whether the step shows for the first time that older values make other runs} */
    boolean learns(Strand strand) {
        boolean weak = model == MemoryModel.JAVA && strand.location() != null && strand.isAccess()
                && WeakMemory.mayHaveValues(strand.location())
                && (strand.mode() & (Access.READ | Access.WRITE)) != 0
                && (strand.mode() & (Access.VOLATILE | Access.HARDWARE)) == 0;
        partly |= weak;
        return learned();
    }

    /**
     * {@return whether it shows for the first time that reads of older values make other runs than sequentially
     * consistent ones, as one may miss a write that it has to come after}
     */
    boolean misses() {
        missing = true;
        return learned();
    }

    private boolean learned() {
        boolean first = partly && missing && !mixed && model == MemoryModel.JAVA;
        mixed |= first;
        return first;
    }

    /** {@return whether the strand's next step takes part in the order} */
    boolean has(Strand strand) {
        if (!mixed || strand.site() < 0) {
            return false;
        }
        boolean fences = strand.location() == null && (Sites.modeOf(strand.site()) & Access.VOLATILE) != 0;
        int mode = strand.mode();
        return fences || strand.location() != null && (mode & Access.HARDWARE) == 0
                && (mode & (model == MemoryModel.TSO ? Access.WRITE | Access.CONDITIONAL : Access.VOLATILE)) != 0;
    }
}
