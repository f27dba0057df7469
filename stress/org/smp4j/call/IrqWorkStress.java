package org.smp4j.call;

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
import org.smp4j.cpu.Sitter;

/** The life of an {@link IrqWork}: claim, run, and claim again. */
public class IrqWorkStress {
    private IrqWorkStress() {
    }

    /** CPU 0 queues works for CPU 1. */
    public abstract static class WithWorks extends TwoCpus {
        final IrqWorks works = new IrqWorks(smp);

        WithWorks() {
        }

        final boolean queue(int from, IrqWork work) {
            try (Sitter _ = cpus.cpu(from).sit()) {
                return works.irqWorkQueueOn(work, 1);
            }
        }
    }

    /** Of two that want the same work one queues it, and it runs once. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "one of the two queued it")
    @Outcome(expect = FORBIDDEN, desc = "queued twice, or not at all")
    @State
    public static class OneClaims {
        final Cpus cpus = new Cpus(3);
        final IrqWorks works = new IrqWorks(new Smp(cpus));
        int runs;
        final IrqWork work = IrqWork.of(w -> runs++);
        int queued0;
        int queued1;

        private int queue(int from) {
            try (Sitter _ = cpus.cpu(from).sit()) {
                return works.irqWorkQueueOn(work, 2) ? 1 : 0;
            }
        }

        @Actor
        public void sender0() {
            queued0 = queue(0);
        }

        @Actor
        public void sender1() {
            queued1 = queue(1);
        }

        @Arbiter
        public void target(II_Result r) {
            try (Sitter _ = cpus.cpu(2).sit()) {
                cpus.cpu(2).poll();
            }
            r.r1 = queued0 + queued1;
            r.r2 = runs;
        }
    }

    /** A CPU that is told that the work is pending may rely on its function seeing what the CPU wrote before. */
    @JCStressTest
    @Outcome(id = {"0, 42", "1, 0", "1, 42"}, expect = ACCEPTABLE,
            desc = "the function sees it, or the work is queued once more")
    @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "told that it is pending, and the function has read too early")
    @State
    public static class FailedClaimIsSeen extends WithWorks {
        int data;
        int seen;
        final IrqWork work = IrqWork.of(w -> seen = data);

        public FailedClaimIsSeen() {
            queue(0, work);
        }

        @Actor
        public void sender(II_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                data = 42;
                r.r1 = works.irqWorkQueueOn(work, 1) ? 1 : 0;
            }
        }

        @Actor
        public void target(II_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                boolean flags = cpus.cpu(1).irqSave();
                smp.flushSmpCallFunctionQueue();
                r.r2 = seen;
                cpus.cpu(1).irqRestore(flags);
            }
        }
    }

    /** Weakened twin of {@link FailedClaimIsSeen}: PENDING is cleared without a fence before the function. */
    @JCStressTest
    @Outcome(id = {"0, 42", "1, 0", "1, 42"}, expect = ACCEPTABLE,
            desc = "the function sees it, or the work is queued once more")
    @Outcome(id = "0, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "told that it is pending, and the function has read too early")
    @State
    public static class ClearedWithoutAFence {
        int data;
        final IrqWork work = IrqWork.of(w -> { });

        public ClearedWithoutAFence() {
            work.claim();
        }

        @Actor
        public void sender(II_Result r) {
            data = 42;
            r.r1 = work.claim() ? 1 : 0;
        }

        @Actor
        public void target(II_Result r) {
            int claimed = (int) CallSingleNode.FLAGS.getOpaque(work);
            CallSingleNode.FLAGS.setOpaque(work, claimed & ~IrqWork.PENDING);
            r.r2 = data;
        }
    }

    /** {@code irq_work_sync} returns when the function has run, with what it wrote. */
    @JCStressTest
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "it had run")
    @Outcome(expect = FORBIDDEN, desc = "the wait ended too early")
    @State
    public static class SyncWaitsForTheFunction extends WithWorks {
        int result;
        boolean served; // CPU 1's
        final IrqWork work = IrqWork.of(w -> {
            result = 42;
            served = true;
        });

        @Actor
        public void sender(I_Result r) {
            try (Sitter _ = cpus.cpu(0).sit()) {
                works.irqWorkQueueOn(work, 1);
                works.irqWorkSync(work);
                r.r1 = result;
            }
        }

        @Actor
        public void target() {
            try (Sitter self = cpus.cpu(1).sit()) {
                for (int turn = 0; !served; turn++) {
                    self.relax(turn);
                }
            }
        }
    }

    /** A work that is claimed again while it runs, runs again: as many runs as claims. */
    @JCStressTest
    @Outcome(id = {"0, 1", "1, 2"}, expect = ACCEPTABLE, desc = "as many runs as it was queued")
    @Outcome(expect = FORBIDDEN, desc = "an accepted work is lost, or one ran without being queued")
    @State
    public static class ClaimedAgainWhileItRuns extends WithWorks {
        int runs;
        final IrqWork work = IrqWork.of(w -> runs++);

        public ClaimedAgainWhileItRuns() {
            queue(0, work);
        }

        @Actor
        public void sender(II_Result r) {
            r.r1 = queue(0, work) ? 1 : 0;
        }

        @Actor
        public void target() {
            poll(1);
        }

        @Arbiter
        public void look(II_Result r) {
            poll(1);
            r.r2 = work.isBusy() ? -1 : runs;
        }
    }

    /** Weakened twin of {@link ClaimedAgainWhileItRuns}: BUSY is cleared by a store, not by compare and set. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "claimed, and it shows")
    @Outcome(id = "1, 0", expect = ACCEPTABLE_INTERESTING,
            desc = "claimed, and the claim wiped out: it is listed, and the next one lists it again")
    @State
    public static class EndByAStoreWipesTheClaim {
        final IrqWork work = IrqWork.of(w -> { });

        public EndByAStoreWipesTheClaim() {
            work.claim();
            work.begin();
        }

        @Actor
        public void sender(II_Result r) {
            r.r1 = work.claim() ? 1 : 0;
        }

        @Actor
        public void target() {
            int begun = (int) CallSingleNode.FLAGS.getOpaque(work);
            if ((begun & IrqWork.PENDING) == 0) { // as if still busy with the old run
                CallSingleNode.FLAGS.setVolatile(work, begun & ~IrqWork.BUSY);
            }
        }

        @Arbiter
        public void look(II_Result r) {
            r.r2 = work.isPending() ? 1 : 0;
        }
    }

    /** A function queues its own work again while another CPU tries to. */
    @JCStressTest
    @Outcome(id = "0", expect = ACCEPTABLE, desc = "as many runs as it was queued")
    @Outcome(expect = FORBIDDEN, desc = "an accepted work is lost, or one ran without being queued")
    @State
    public static class QueuedAgainByItsFunction extends WithWorks {
        int runs;
        int queuedByItself;
        int queuedByTheOther;
        final IrqWork work = IrqWork.of(this::call);

        public QueuedAgainByItsFunction() {
            queue(0, work);
        }

        private void call(IrqWork self) {
            if (runs++ == 0) {
                queuedByItself = works.irqWorkQueue(self) ? 1 : 0;
            }
        }

        @Actor
        public void sender() {
            queuedByTheOther = queue(0, work) ? 1 : 0;
        }

        @Actor
        public void target() {
            poll(1);
        }

        @Arbiter
        public void look(I_Result r) {
            poll(1);
            r.r1 = runs - 1 - queuedByItself - queuedByTheOther;
        }
    }

    /** A CPU's own work, on its list, and another CPU's for it, on its call queue, both run. */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "both ran")
    @Outcome(expect = FORBIDDEN, desc = "one of the two is lost")
    @State
    public static class OwnAndOthersWorks extends WithWorks {
        int own;
        int others;

        @Actor
        public void sender() {
            queue(0, IrqWork.of(w -> others++));
        }

        @Actor
        public void target() {
            queue(1, IrqWork.of(w -> own++));
        }

        @Arbiter
        public void look(II_Result r) {
            poll(1);
            r.r1 = own;
            r.r2 = others;
        }
    }
}
