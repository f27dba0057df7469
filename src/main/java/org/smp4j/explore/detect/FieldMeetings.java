package org.smp4j.explore.detect;

import java.util.Arrays;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Strand;
import org.smp4j.explore.run.StrandSet;

/**
 * Notes which strands reach each plain field in a run. Where two strands reach a field for the first time in a rare
 * schedule, the race detector has not yet looked at that field; the schedule is made again with the detector. Only the
 * runs before the first schedule decide which fields are known, so that the result does not depend on the schedules
 * that this process has made.
 */
public final class FieldMeetings {
    private static final int MAIN = 1; // the bit of the first strand, which sets up and checks

    // By field: the strands that have reached it in this run, and those that met there in a run before the first
    // schedule.
    private long[] strands = new long[0];
    private long[] known = new long[0];
    // The same for strands without a bit; null while there are none.
    private StrandSet[] further;
    private StrandSet[] knownFurther;
    // The fields that strands have reached in this run.
    private int[] reached = new int[64];
    private int count;
    private boolean learns = true;
    private boolean news;

    /** Forgets the strands of the run before. */
    public void begin() {
        for (; count > 0; count--) {
            strands[reached[count - 1]] = 0;
            if (further != null) {
                further[reached[count - 1]].clear();
            }
        }
        news = false;
    }

    /** Notes that a strand reaches a field. */
    public void reached(int field, Strand strand) {
        if (field >= strands.length || (strands[field] & strand.bit) == 0) {
            meet(field, strand);
        }
    }

    private void meet(int field, Strand strand) {
        if (field >= strands.length) {
            int length = Math.max(Sites.fieldCount(), field + 1);
            strands = Arrays.copyOf(strands, length);
            known = Arrays.copyOf(known, length);
        }
        if (strand.bit == 0 || further != null) {
            meetFurther(field, strand);
            return;
        }
        if (strands[field] == 0) {
            begin(field);
            strands[field] = strand.bit;
            return;
        }
        strands[field] |= strand.bit;
        if (learns) {
            known[field] |= strands[field];
        }
        news |= (strands[field] & ~known[field]) != 0;
    }

    /** As above, where some strand has no bit. */
    private void meetFurther(int field, Strand strand) {
        further = sized(further);
        knownFurther = sized(knownFurther);
        if (further[field].has(strand)) {
            return;
        }
        boolean first = strands[field] == 0 && further[field].isEmpty();
        strands[field] |= strand.bit;
        if (strand.bit == 0) {
            further[field].add(strand);
        }
        if (first) {
            begin(field);
            return;
        }
        if (learns) {
            known[field] |= strands[field];
            knownFurther[field].addAll(further[field]);
        }
        news |= (strands[field] & ~known[field]) != 0 || !further[field].isWithin(knownFurther[field]);
    }

    private StrandSet[] sized(StrandSet[] sets) {
        int length = sets == null ? 0 : sets.length;
        if (length == strands.length) {
            return sets;
        }
        StrandSet[] more = sets == null ? new StrandSet[strands.length] : Arrays.copyOf(sets, strands.length);
        for (int i = length; i < more.length; i++) {
            more[i] = new StrandSet();
        }
        return more;
    }

    private void begin(int field) {
        if (count == reached.length) {
            reached = Arrays.copyOf(reached, 2 * count);
        }
        reached[count++] = field;
    }

    /**
     * The runs before the first schedule are over. A field where two strands beside the first have met is no longer
     * tracked.
     */
    public void known() {
        learns = false;
        for (int field = 0; field < known.length; field++) {
            int others = Long.bitCount(known[field] & ~MAIN);
            if (others > 1 || knownFurther != null && others + knownFurther[field].size() > 1) {
                Sites.familiar(field);
            }
        }
    }

    /** {@return whether strands have met at a field where they did not meet in the runs before the first schedule} */
    public boolean news() {
        return news;
    }
}
