package org.smp4j.lib;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Every pair of {@link LlistHead}'s table that needs no lock; the pairs that need one are in {@link LlistAbaStress}.
 */
public class LlistHeadStress {
    private LlistHeadStress() {
    }

    /** An entry with a number, 1 to 9. */
    static final class Numbered extends LlistNode {
        final int id;
        int payload; // plain on purpose: the list publishes it

        Numbered(int id) {
            this.id = id;
        }
    }

    /** A chain's numbers as the digits of one number, first entry first; 0 for an empty chain. */
    static int digits(LlistNode chain) {
        int digits = 0;
        for (LlistNode node = chain; node != null && digits < 10_000_000; node = node.next()) {
            digits = digits * 10 + ((Numbered) node).id;
        }
        return digits;
    }

    static int digit(LlistNode node) {
        return node == null ? 0 : ((Numbered) node).id;
    }

    private static int bit(boolean value) {
        return value ? 1 : 0;
    }

    /** Two adders: both entries arrive, and exactly one adder is told that the list was empty. */
    @JCStressTest
    @Outcome(id = {"1, 0, 21", "0, 1, 12"}, expect = ACCEPTABLE, desc = "the first of the two sends the interrupt")
    @Outcome(id = "1, 1, .*", expect = FORBIDDEN, desc = "two interrupts for one batch")
    @Outcome(id = "0, 0, .*", expect = FORBIDDEN, desc = "no interrupt: the calls are lost")
    @Outcome(expect = FORBIDDEN, desc = "an entry is lost")
    @State
    public static class OneAdderIsToldEmpty {
        final LlistHead head = new LlistHead();

        @Actor
        public void sender1(III_Result r) {
            r.r1 = bit(head.add(new Numbered(1)));
        }

        @Actor
        public void sender2(III_Result r) {
            r.r2 = bit(head.add(new Numbered(2)));
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = digits(head.delAll());
        }
    }

    /** Weakened twin of {@link OneAdderIsToldEmpty}: the new head is stored, not compared and set. */
    @JCStressTest
    @Outcome(id = {"1, 0, 21", "0, 1, 12"}, expect = ACCEPTABLE, desc = "the adders did not meet")
    @Outcome(id = {"1, 1, 1", "1, 1, 2"}, expect = ACCEPTABLE_INTERESTING,
            desc = "two interrupts, and one of the two calls is lost")
    @Outcome(expect = FORBIDDEN, desc = "not even this can happen")
    @State
    public static class AddByStoreLosesAnEntry {
        private static final VarHandle FIRST = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "first", VarHandle.class, AddByStoreLosesAnEntry.class, LlistNode.class);
        LlistNode first;

        private boolean add(LlistNode node) {
            LlistNode old = (LlistNode) FIRST.getOpaque(this);
            node.setNext(old);
            FIRST.setRelease(this, node);
            return old == null;
        }

        @Actor
        public void sender1(III_Result r) {
            r.r1 = bit(add(new Numbered(1)));
        }

        @Actor
        public void sender2(III_Result r) {
            r.r2 = bit(add(new Numbered(2)));
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = digits(first);
        }
    }

    /** An adder and a drainer: the entry is in the chain or still on the list, never both, never neither. */
    @JCStressTest
    @Outcome(id = {"1, 0, 1", "1, 1, 0"}, expect = ACCEPTABLE, desc = "the entry is drained now or later")
    @Outcome(expect = FORBIDDEN, desc = "the entry is lost or drained twice, or its adder sends no interrupt")
    @State
    public static class AddAgainstDelAll {
        final LlistHead head = new LlistHead();

        @Actor
        public void sender(III_Result r) {
            r.r1 = bit(head.add(new Numbered(1)));
        }

        @Actor
        public void target(III_Result r) {
            r.r2 = digits(head.delAll());
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = digits(head.delAll());
        }
    }

    /** An adder and one that takes the newest entry need no lock. */
    @JCStressTest
    @Outcome(id = "1, 1, 2", expect = ACCEPTABLE,
            desc = "the old entry was taken, then the new one added to an empty list")
    @Outcome(id = "0, 2, 1", expect = ACCEPTABLE, desc = "the new entry was added, then taken")
    @Outcome(expect = FORBIDDEN, desc = "an entry is lost, or the adder was told wrong")
    @State
    public static class AddAgainstDelFirst {
        final LlistHead head = new LlistHead();

        public AddAgainstDelFirst() {
            head.add(new Numbered(1));
        }

        @Actor
        public void sender(III_Result r) {
            r.r1 = bit(head.add(new Numbered(2)));
        }

        @Actor
        public void target(III_Result r) {
            r.r2 = digit(head.delFirst());
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = digits(head.delAll());
        }
    }

    /** Two drainers need no lock: one of them gets everything. */
    @JCStressTest
    @Outcome(id = {"21, 0", "0, 21"}, expect = ACCEPTABLE, desc = "one drainer has the whole chain")
    @Outcome(expect = FORBIDDEN, desc = "an entry is drained twice or not at all")
    @State
    public static class DelAllAgainstDelAll {
        final LlistHead head = new LlistHead();

        public DelAllAgainstDelAll() {
            head.add(new Numbered(1));
            head.add(new Numbered(2));
        }

        @Actor
        public void drainer1(II_Result r) {
            r.r1 = digits(head.delAll());
        }

        @Actor
        public void drainer2(II_Result r) {
            r.r2 = digits(head.delAll());
        }
    }

    /** Two that each take a given entry need no lock as long as the entries differ. */
    @JCStressTest
    @Outcome(id = "1, 1, 0", expect = ACCEPTABLE,
            desc = "the newest was taken, then the other, which had become the newest")
    @Outcome(id = "1, 0, 1", expect = ACCEPTABLE, desc = "the other was not the newest yet, and stays")
    @Outcome(expect = FORBIDDEN, desc = "an entry is lost, or the newest could not be taken")
    @State
    public static class DelFirstThisOfDifferentEntries {
        final LlistHead head = new LlistHead();
        final Numbered old = new Numbered(1);
        final Numbered newest = new Numbered(2);

        public DelFirstThisOfDifferentEntries() {
            head.add(old);
            head.add(newest);
        }

        @Actor
        public void ownerOfTheNewest(III_Result r) {
            r.r1 = bit(head.delFirstThis(newest));
        }

        @Actor
        public void ownerOfTheOther(III_Result r) {
            r.r2 = bit(head.delFirstThis(old));
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = digits(head.delAll());
        }
    }

    /** A batch goes on the list in one piece, in its order, however another adder comes along. */
    @JCStressTest
    @Outcome(id = {"1, 0, 4321", "0, 1, 3214"}, expect = ACCEPTABLE,
            desc = "the batch is whole, before or after the other entry")
    @Outcome(expect = FORBIDDEN, desc = "the batch is torn, or an adder was told wrong")
    @State
    public static class BatchAgainstAdd {
        final LlistHead head = new LlistHead();

        @Actor
        public void batchSender(III_Result r) {
            Numbered last = new Numbered(1);
            Numbered middle = new Numbered(2);
            Numbered first = new Numbered(3);
            middle.setNext(last);
            first.setNext(middle);
            r.r1 = bit(head.addBatch(first, last));
        }

        @Actor
        public void sender(III_Result r) {
            r.r2 = bit(head.add(new Numbered(4)));
        }

        @Arbiter
        public void drain(III_Result r) {
            r.r3 = digits(head.delAll());
        }
    }

    /** A drainer gets all of a batch or nothing of it. */
    @JCStressTest
    @Outcome(id = {"0, 21", "21, 0"}, expect = ACCEPTABLE, desc = "all of the batch, now or later")
    @Outcome(expect = FORBIDDEN, desc = "half a batch")
    @State
    public static class BatchAgainstDelAll {
        final LlistHead head = new LlistHead();

        @Actor
        public void batchSender() {
            Numbered last = new Numbered(1);
            Numbered first = new Numbered(2);
            first.setNext(last);
            head.addBatch(first, last);
        }

        @Actor
        public void target(II_Result r) {
            r.r1 = digits(head.delAll());
        }

        @Arbiter
        public void drain(II_Result r) {
            r.r2 = digits(head.delAll());
        }
    }

    /** Reversed, a chain has each sender's entries in the order in which it sent them. */
    @JCStressTest
    @Outcome(id = {"1234", "1324", "1342", "3124", "3142", "3412"}, expect = ACCEPTABLE,
            desc = "1 before 2, and 3 before 4")
    @Outcome(expect = FORBIDDEN, desc = "a sender's calls run in another order than sent, or one is lost")
    @State
    public static class ReversedIsFirstInFirstOut {
        final LlistHead head = new LlistHead();

        @Actor
        public void sender1() {
            head.add(new Numbered(1));
            head.add(new Numbered(2));
        }

        @Actor
        public void sender2() {
            head.add(new Numbered(3));
            head.add(new Numbered(4));
        }

        @Arbiter
        public void drain(I_Result r) {
            r.r1 = digits(LlistNode.reverseOrder(head.delAll()));
        }
    }

    /** A sender's entries keep their order also when several drains split them. */
    @JCStressTest
    @Outcome(id = "123", expect = ACCEPTABLE, desc = "in the order in which they were sent")
    @Outcome(expect = FORBIDDEN, desc = "a later drain has an earlier call")
    @State
    public static class OrderHoldsAcrossDrains {
        final LlistHead head = new LlistHead();
        int drained;

        private void drain() {
            for (LlistNode node = LlistNode.reverseOrder(head.delAll()); node != null; node = node.next()) {
                drained = drained * 10 + ((Numbered) node).id;
            }
        }

        @Actor
        public void sender() {
            head.add(new Numbered(1));
            head.add(new Numbered(2));
            head.add(new Numbered(3));
        }

        @Actor
        public void target() {
            drain();
            drain();
        }

        @Arbiter
        public void rest(I_Result r) {
            drain();
            r.r1 = drained;
        }
    }

    /** What a sender wrote before it added an entry is seen by the thread that drains it. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "not added yet")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "added, with what was written before")
    @Outcome(id = "0", expect = FORBIDDEN, desc = "the call arrived without its argument")
    @State
    public static class AddPublishes {
        final LlistHead head = new LlistHead();
        final Numbered entry = new Numbered(1);

        @Actor
        public void sender() {
            entry.payload = 42;
            head.add(entry);
        }

        @Actor
        public void target(I_Result r) {
            Numbered got = (Numbered) head.delAll();
            r.r1 = got == null ? -1 : got.payload;
        }
    }

    /** Weakened twin of {@link AddPublishes}: the head is a plain field. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "not added yet")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "added, with what was written before")
    @Outcome(id = "0", expect = ACCEPTABLE_INTERESTING, desc = "the call arrived without its argument")
    @State
    public static class PlainAddDoesNotPublish {
        final Numbered entry = new Numbered(1);
        LlistNode first;

        @Actor
        public void sender() {
            entry.payload = 42;
            first = entry;
        }

        @Actor
        public void target(I_Result r) {
            Numbered got = (Numbered) first;
            r.r1 = got == null ? -1 : got.payload;
        }
    }
}
