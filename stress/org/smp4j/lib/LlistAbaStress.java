package org.smp4j.lib;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.LlistHeadStress.Numbered;

/**
 * The pairs of {@link LlistHead}'s table that need a lock: one reads the newest entry and its successor, the other
 * takes both and puts the newest back, and the compare-and-set on the unchanged head installs a successor that
 * another drainer has (ABA).
 */
public class LlistAbaStress {
    private LlistAbaStress() {
    }

    /** The list 1, 2 (newest first), and its drainers. */
    public abstract static class TwoEntries {
        final LlistHead head = new LlistHead();

        TwoEntries() {
            head.add(new Numbered(2));
            head.add(new Numbered(1));
        }

        int takeOne() {
            return LlistHeadStress.digit(head.delFirst());
        }

        /** Takes two entries; puts the first back if there were two. */
        int takeTwoPutBackOne() {
            LlistNode first = head.delFirst();
            LlistNode second = head.delFirst();
            if (second != null) {
                head.add(first);
            }
            return LlistHeadStress.digit(first) * 10 + LlistHeadStress.digit(second);
        }

        /** Takes everything; puts the first back if there were two. */
        int takeAllPutBackOne() {
            LlistNode chain = head.delAll();
            int taken = LlistHeadStress.digits(chain);
            if (taken == 12) {
                head.add(chain);
            }
            return taken;
        }

        int rest() {
            return LlistHeadStress.digits(head.delAll());
        }
    }

    /**
     * {@code delFirst} against {@code delFirst} without the lock: the weakened twin of {@link DelFirstAgainstDelFirst}.
     */
    @JCStressTest
    @Outcome(id = {"1, 20, 0", "2, 10, 0", "0, 12, 1", "1, 12, 0"}, expect = ACCEPTABLE,
            desc = "each entry has one owner")
    @Outcome(id = "1, 12, 2", expect = ACCEPTABLE_INTERESTING,
            desc = "entry 2 is on the list again although its taker has it (ABA)")
    @Outcome(expect = FORBIDDEN, desc = "an entry is lost")
    @State
    public static class DelFirstAgainstDelFirstUnlocked extends TwoEntries {
        @Actor
        public void taker(III_Result r) {
            r.r1 = takeOne();
        }

        @Actor
        public void reuser(III_Result r) {
            r.r2 = takeTwoPutBackOne();
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = rest();
        }
    }

    /**
     * {@code delFirst} against {@code delFirst} with the lock that the table asks for: each entry has one owner, also
     * one that is added again.
     */
    @JCStressTest
    @Outcome(id = {"1, 20, 0", "1, 12, 0"}, expect = ACCEPTABLE, desc = "each entry has one owner")
    @Outcome(expect = FORBIDDEN, desc = "an entry has two owners or none")
    @State
    public static class DelFirstAgainstDelFirst extends TwoEntries {
        final Cpus cpus = new Cpus(2);
        final RawSpinLock lock = new RawSpinLock();

        @Actor
        public void taker(III_Result r) {
            try (Sitter self = cpus.cpu(0).sit()) {
                int flags = lock.lock(self);
                r.r1 = takeOne();
                lock.unlock(self, flags);
            }
        }

        @Actor
        public void reuser(III_Result r) {
            try (Sitter self = cpus.cpu(1).sit()) {
                int flags = lock.lock(self);
                r.r2 = takeTwoPutBackOne();
                lock.unlock(self, flags);
            }
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = rest();
        }
    }

    /** {@code delFirst} against {@code delAll} without the lock: the weakened twin of {@link DelFirstAgainstDelAll}. */
    @JCStressTest
    @Outcome(id = {"1, 2, 0", "0, 12, 1", "1, 12, 0"}, expect = ACCEPTABLE, desc = "each entry has one owner")
    @Outcome(id = "1, 12, 2", expect = ACCEPTABLE_INTERESTING,
            desc = "entry 2 is on the list again although the drainer has it (ABA)")
    @Outcome(expect = FORBIDDEN, desc = "an entry is lost")
    @State
    public static class DelFirstAgainstDelAllUnlocked extends TwoEntries {
        @Actor
        public void taker(III_Result r) {
            r.r1 = takeOne();
        }

        @Actor
        public void drainer(III_Result r) {
            r.r2 = takeAllPutBackOne();
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = rest();
        }
    }

    /**
     * {@code delFirst} against {@code delAll} with the lock that the table asks for: each entry has one owner, also one
     * that is added again.
     */
    @JCStressTest
    @Outcome(id = {"1, 2, 0", "1, 12, 0"}, expect = ACCEPTABLE, desc = "each entry has one owner")
    @Outcome(expect = FORBIDDEN, desc = "an entry has two owners or none")
    @State
    public static class DelFirstAgainstDelAll extends TwoEntries {
        final Cpus cpus = new Cpus(2);
        final RawSpinLock lock = new RawSpinLock();

        @Actor
        public void taker(III_Result r) {
            try (Sitter self = cpus.cpu(0).sit()) {
                int flags = lock.lock(self);
                r.r1 = takeOne();
                lock.unlock(self, flags);
            }
        }

        @Actor
        public void drainer(III_Result r) {
            try (Sitter self = cpus.cpu(1).sit()) {
                int flags = lock.lock(self);
                r.r2 = takeAllPutBackOne();
                lock.unlock(self, flags);
            }
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = rest();
        }
    }
}
