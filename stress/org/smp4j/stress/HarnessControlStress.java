package org.smp4j.stress;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Tests the harness, not smp4j: store buffering ("set my flag, look at yours"), the one reordering that every
 * multiprocessor shows, x86 included. A run that did not see it could not have seen anything, so {@link StressMain}
 * fails without it.
 */
public class HarnessControlStress {
    private HarnessControlStress() {
    }

    /** With plain stores both sides can miss the other's flag. Must be seen. */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "one side at least saw the other's flag")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING, desc = "both flags were still in their store buffers")
    @State
    public static class PlainFlagsCanBothBeMissed {
        int mine;
        int yours;

        @Actor
        public void sender(II_Result r) {
            mine = 1;
            r.r1 = yours;
        }

        @Actor
        public void target(II_Result r) {
            yours = 1;
            r.r2 = mine;
        }
    }

    /** With volatile stores at most one side can: the same shape, and the harness is quiet. */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 0", "1, 1"}, expect = ACCEPTABLE, desc = "one side at least saw the other's flag")
    @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the harness reports what cannot be")
    @State
    public static class VolatileFlagsCannot {
        volatile int mine;
        volatile int yours;

        @Actor
        public void sender(II_Result r) {
            mine = 1;
            r.r1 = yours;
        }

        @Actor
        public void target(II_Result r) {
            yours = 1;
            r.r2 = mine;
        }
    }
}
