package org.smp4j.cpu;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** The handshakes between an idle CPU, which polls, parks and looks at its queues, and its senders. */
public class PendingWordStress {
    private PendingWordStress() {
    }

    /** A queue of one, whose entry has no ordering of its own, and the pending word of a CPU that polls. */
    public abstract static class Polling {
        private static final VarHandle QUEUED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "queued", VarHandle.class, Polling.class, int.class);
        final PendingWord pending = new PendingWord();
        int queued;

        Polling() {
            pending.getAndSet(PendingWord.POLLING | PendingWord.NEED_RESCHED);
        }

        void queue() {
            QUEUED.setOpaque(this, 1);
        }

        int look() {
            return (int) QUEUED.getOpaque(this);
        }

        int takeRequest() {
            pending.getAndClear(PendingWord.NEED_RESCHED | PendingWord.POLLING);
            return look();
        }
    }

    /**
     * A sender that is told that the CPU polls, and so sends no interrupt, has queued before the CPU looks, also if it
     * was asked before.
     */
    @JCStressTest
    @Outcome(id = {"1, 1", "0, 0", "0, 1"}, expect = ACCEPTABLE,
            desc = "the CPU sees the work, or the sender sends an interrupt")
    @Outcome(id = "1, 0", expect = FORBIDDEN,
            desc = "no interrupt, and the CPU looked too early: the work waits for ever")
    @State
    public static class ToldPollingMeansSeen extends Polling {
        @Actor
        public void sender(II_Result r) {
            queue();
            r.r1 = pending.setNeedReschedIfPolling() ? 1 : 0;
        }

        @Actor
        public void idle(II_Result r) {
            r.r2 = takeRequest();
        }
    }

    /**
     * Weakened twin of {@link ToldPollingMeansSeen}: a request that is there already is only read, not written again.
     */
    @JCStressTest
    @Outcome(id = {"1, 1", "0, 0", "0, 1"}, expect = ACCEPTABLE,
            desc = "the CPU sees the work, or the sender sends an interrupt")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "no interrupt, and the CPU looked too early: the work waits for ever")
    @State
    public static class MereReadOfTheRequest extends Polling {
        @Actor
        public void sender(II_Result r) {
            queue();
            int both = PendingWord.POLLING | PendingWord.NEED_RESCHED;
            r.r1 = (pending.peek() & both) == both ? 1 : 0;
        }

        @Actor
        public void idle(II_Result r) {
            r.r2 = takeRequest();
        }
    }

    /** Weakened twin of {@link ToldPollingMeansSeen}: the CPU looks at its queue first, and takes the request then. */
    @JCStressTest
    @Outcome(id = {"1, 1", "0, 0", "0, 1"}, expect = ACCEPTABLE,
            desc = "the CPU sees the work, or the sender sends an interrupt")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "the request came after the look, and was taken with it")
    @State
    public static class LookBeforeTheRequestIsTaken extends Polling {
        @Actor
        public void sender(II_Result r) {
            queue();
            r.r1 = pending.setNeedReschedIfPolling() ? 1 : 0;
        }

        @Actor
        public void idle(II_Result r) {
            r.r2 = look();
            takeRequest();
        }
    }

    /** A CPU that parks against one that kicks it: either it does not park, or the kick sees that it must unpark. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "it parks, and the kick unparks it")
    @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the kick came first, and it does not park")
    @Outcome(id = "1, 0", expect = FORBIDDEN, desc = "it parks, and is never unparked")
    @Outcome(expect = FORBIDDEN, desc = "not possible")
    @State
    public static class ParkOrKick {
        final PendingWord pending = new PendingWord();

        @Actor
        public void idle(II_Result r) {
            r.r1 = pending.park() ? 1 : 0;
        }

        @Actor
        public void sender(II_Result r) {
            r.r2 = (pending.getAndSet(PendingWord.CALL) & PendingWord.PARKED) != 0 ? 1 : 0;
        }
    }

    /**
     * Weakened twin of {@link ParkOrKick}: "parked" and "pending" are two words, written and read without a fence
     * between.
     */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "it parks, and the kick unparks it")
    @Outcome(id = {"0, 0", "0, 1"}, expect = ACCEPTABLE, desc = "it does not park")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING, desc = "it parks, and is never unparked")
    @State
    public static class ParkInTwoWordsMissesTheKick {
        private static final VarHandle PARKED = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "parked", VarHandle.class, ParkInTwoWordsMissesTheKick.class, int.class);
        private static final VarHandle PENDING = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "pending", VarHandle.class, ParkInTwoWordsMissesTheKick.class, int.class);
        int parked;
        int pending;

        @Actor
        public void idle(II_Result r) {
            PARKED.setOpaque(this, 1);
            r.r1 = (int) PENDING.getOpaque(this) == 0 ? 1 : 0;
        }

        @Actor
        public void sender(II_Result r) {
            PENDING.setOpaque(this, 1);
            r.r2 = (int) PARKED.getOpaque(this);
        }
    }

    /** A CPU that stops polling to park against one that counts on its polling. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "it parks, and the sender knows that it must send an interrupt")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the sender counts on its polling, and it does not park")
    @Outcome(id = "1, 1", expect = FORBIDDEN, desc = "it parks, and no interrupt is sent")
    @Outcome(expect = FORBIDDEN, desc = "not possible")
    @State
    public static class ParkOrRequest {
        final PendingWord pending = new PendingWord();

        public ParkOrRequest() {
            pending.getAndSet(PendingWord.POLLING);
        }

        @Actor
        public void idle(II_Result r) {
            r.r1 = pending.park() ? 1 : 0;
        }

        @Actor
        public void sender(II_Result r) {
            r.r2 = pending.setNeedReschedIfPolling() ? 1 : 0;
        }
    }
}
