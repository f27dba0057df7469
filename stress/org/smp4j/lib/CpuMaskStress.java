package org.smp4j.lib;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.smp4j.cpu.Cpus;

/** {@link CpuMask}, whose bits share words, and the online count beside it. */
public class CpuMaskStress {
    private CpuMaskStress() {
    }

    /** Two CPUs change different bits of one word. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "CPU 0 came, CPU 1 went")
    @Outcome(expect = FORBIDDEN, desc = "one of the two changes is lost")
    @State
    public static class NeighboursDoNotDisturb {
        final CpuMask mask = CpuMask.of(2, 1);

        @Actor
        public void comes() {
            mask.setCpu(0);
        }

        @Actor
        public void goes() {
            mask.clearCpu(1);
        }

        @Arbiter
        public void look(I_Result r) {
            r.r1 = mask.testCpu(0) && !mask.testCpu(1) ? 0 : 1;
        }
    }

    /** Weakened twin of {@link NeighboursDoNotDisturb}: the word is read, changed and written back. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "CPU 0 came, CPU 1 went")
    @Outcome(id = {"0", "3"}, expect = ACCEPTABLE_INTERESTING,
            desc = "one of the two changes is lost: a CPU is online that is gone, or the other way round")
    @State
    public static class ReadChangeWriteLosesABit {
        volatile int word = 2;

        @Actor
        public void comes() {
            word = word | 1;
        }

        @Actor
        public void goes() {
            word = word & ~2;
        }

        @Arbiter
        public void look(I_Result r) {
            r.r1 = word;
        }
    }

    /** One of two that clear the same bit is told that it was set. */
    @JCStressTest
    @Outcome(id = {"1, 0", "0, 1"}, expect = ACCEPTABLE, desc = "one of the two cleared it")
    @Outcome(expect = FORBIDDEN, desc = "both did, or none")
    @State
    public static class OneClearsTheBit {
        final CpuMask mask = CpuMask.of(2, 1);

        @Actor
        public void one(II_Result r) {
            r.r1 = mask.testAndClearCpu(1) ? 1 : 0;
        }

        @Actor
        public void other(II_Result r) {
            r.r2 = mask.testAndClearCpu(1) ? 1 : 0;
        }
    }

    /** A CPU that is taken offline twice at once counts once. */
    @JCStressTest
    @Outcome(id = "1", expect = ACCEPTABLE, desc = "one CPU is left, and the count says so")
    @Outcome(expect = FORBIDDEN, desc = "mask and count differ: a stop waits for the wrong number of CPUs")
    @State
    public static class OnlineCountFollowsTheMask {
        final Cpus cpus = new Cpus(2);

        @Actor
        public void one() {
            cpus.setCpuOnline(1, false);
        }

        @Actor
        public void other() {
            cpus.setCpuOnline(1, false);
        }

        @Arbiter
        public void look(I_Result r) {
            r.r1 = cpus.online.weight() == 1 ? cpus.numOnline() : -1;
        }
    }
}
