package org.smp4j.litmus.search;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.smp4j.explore.memory.Message;

/**
 * The steps that lead to a state, last one first.
 *
 * @param before the steps before; null if there are none
 * @param thread the thread of the last step
 * @param instruction the index of its instruction
 * @param location the location that it has accessed; -1 if none
 * @param read the value that it has read
 * @param written the value that it has written
 * @param does what it does: bits
 * @param newer the message that follows directly the one that it has read or written; null if there is none
 */
record Trace(Trace before, int thread, int instruction, int location, long read, long written, int does,
        Message newer) {
    /** The step reads. */
    static final int READS = 1;
    /** The step writes. */
    static final int WRITES = 2;
    /** A weak compare-and-set fails although the value is the expected one. */
    static final int FAILS = 4;

    boolean departs() {
        return newer != null || (does & FAILS) != 0;
    }

    static List<Trace> inOrder(Trace last) {
        List<Trace> steps = new ArrayList<>();
        for (Trace step = last; step != null; step = step.before) {
            steps.add(step);
        }
        Collections.reverse(steps);
        return steps;
    }
}
