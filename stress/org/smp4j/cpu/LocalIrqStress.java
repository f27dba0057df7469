package org.smp4j.cpu;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/** Interrupts of a {@link Cpu}: raised by one, taken at the other's poll points. */
public class LocalIrqStress {
    private LocalIrqStress() {
    }

    /** CPU 0 raises, CPU 1 takes. */
    public abstract static class Raised {
        final Cpus cpus = new Cpus(2);
        int handled; // CPU 1's own

        Raised() {
            cpus.installCallFunction(cpu -> handled++);
        }

        void raise() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                cpus.cpu(1).sendInterrupt(PendingWord.CALL);
            }
        }

        int pending() {
            return cpus.cpu(1).pendingBits() & PendingWord.CALL;
        }
    }

    /** Switching IRQs on takes what is pending; what comes later stays pending. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "raised before IRQs went on, and taken then")
    @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "raised later, and pending until the next poll point")
    @Outcome(expect = FORBIDDEN, desc = "the interrupt is lost, or taken twice")
    @State
    public static class EnablingTakesWhatIsPending extends Raised {
        @Actor
        public void sender() {
            raise();
        }

        @Actor
        public void target() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                boolean flags = LocalIrq.save();
                LocalIrq.restore(flags);
            }
        }

        @Arbiter
        public void look(II_Result r) {
            r.r1 = handled;
            r.r2 = pending();
        }
    }

    /** With IRQs off nothing is taken at a poll point. */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1"}, expect = ACCEPTABLE, desc = "taken only once IRQs were on again, or still pending")
    @Outcome(expect = FORBIDDEN, desc = "a handler ran although IRQs were off")
    @State
    public static class NothingIsTakenWithIrqsOff extends Raised {
        @Actor
        public void sender() {
            raise();
        }

        @Actor
        public void target(II_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                boolean flags = LocalIrq.save();
                cpus.cpu(1).poll();
                cpus.cpu(1).poll();
                r.r1 = handled;
                LocalIrq.restore(flags);
                r.r2 = handled;
            }
        }
    }

    /** A handler sees what the sender wrote before it raised the interrupt. */
    @JCStressTest
    @Outcome(id = "-1", expect = ACCEPTABLE, desc = "not raised yet")
    @Outcome(id = "42", expect = ACCEPTABLE, desc = "taken, with what was written before")
    @Outcome(expect = FORBIDDEN, desc = "taken without what was written before")
    @State
    public static class RaisePublishes {
        final Cpus cpus = new Cpus(2);
        int data;
        int seen = -1;

        public RaisePublishes() {
            cpus.installCallFunction(cpu -> seen = data);
        }

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                data = 42;
                cpus.cpu(1).sendInterrupt(PendingWord.CALL);
            }
        }

        @Actor
        public void target(I_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                cpus.cpu(1).poll();
            }
            r.r1 = seen;
        }
    }

    /** An interrupt is a level: two that are raised before one is taken are one. */
    @JCStressTest
    @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "one interrupt")
    @Outcome(expect = FORBIDDEN, desc = "none, or one for each")
    @State
    public static class TwoRaisesAreOneInterrupt {
        final Cpus cpus = new Cpus(3);
        int handled;

        public TwoRaisesAreOneInterrupt() {
            cpus.installCallFunction(cpu -> handled++);
        }

        private void raise(int from) {
            try (Sitter _ = cpus.cpu(from).sit()) {
                cpus.cpu(2).sendInterrupt(PendingWord.CALL);
            }
        }

        @Actor
        public void sender0() {
            raise(0);
        }

        @Actor
        public void sender1() {
            raise(1);
        }

        @Arbiter
        public void target(II_Result r) {
            try (Sitter _ = cpus.cpu(2).sit()) {
                cpus.cpu(2).poll();
                r.r1 = handled;
                r.r2 = cpus.cpu(2).pendingBits();
            }
        }
    }

    /** Handlers do not nest: what is raised during one is taken after it. */
    @JCStressTest
    @Outcome(id = {"1, 1", "1, 2"}, expect = ACCEPTABLE, desc = "one after the other")
    @Outcome(expect = FORBIDDEN, desc = "an interrupt interrupted a handler, or was lost")
    @State
    public static class HandlersDoNotNest {
        final Cpus cpus = new Cpus(2);
        int depth;
        int deepest;
        int handled;

        public HandlersDoNotNest() {
            InterruptHandler handler = cpu -> {
                deepest = Math.max(deepest, ++depth);
                cpu.poll();
                handled++;
                depth--;
            };
            cpus.installCallFunction(handler);
            cpus.installIrqWork(handler);
            cpus.cpu(1).raise(PendingWord.CALL);
        }

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                cpus.cpu(1).sendInterrupt(PendingWord.IRQ_WORK);
            }
        }

        @Actor
        public void target(II_Result r) {
            try (Sitter _ = cpus.cpu(1).sit()) {
                cpus.cpu(1).poll();
                r.r1 = deepest;
                r.r2 = handled;
            }
        }
    }

    /**
     * What is queued while its interrupt is being taken gets an interrupt of its own: the bit is cleared before the
     * handler runs.
     */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both pieces of work were done")
    @Outcome(expect = FORBIDDEN, desc = "work is left, and no interrupt pending")
    @State
    public static class ClearedBeforeTheHandler {
        final Cpus cpus = new Cpus(2);
        final AtomicInteger queued = new AtomicInteger(1);
        int done;

        public ClearedBeforeTheHandler() {
            cpus.installCallFunction(cpu -> done += queued.getAndSet(0));
            cpus.cpu(1).raise(PendingWord.CALL);
        }

        @Actor
        public void sender() {
            try (Sitter _ = cpus.cpu(0).sit()) {
                queued.incrementAndGet();
                cpus.cpu(1).sendInterrupt(PendingWord.CALL);
            }
        }

        @Actor
        public void target() {
            poll();
        }

        private void poll() {
            try (Sitter _ = cpus.cpu(1).sit()) {
                cpus.cpu(1).poll();
            }
        }

        @Arbiter
        public void look(I_Result r) {
            poll();
            r.r1 = done;
        }
    }

    /** Weakened twin of {@link ClearedBeforeTheHandler}: the bit is cleared after the handler. */
    @JCStressTest
    @Outcome(id = "2", expect = ACCEPTABLE, desc = "both pieces of work were done")
    @Outcome(id = "1", expect = ACCEPTABLE_INTERESTING,
            desc = "work came after the handler had looked, and its interrupt was cleared with the old one")
    @State
    public static class ClearedAfterTheHandler {
        private static final VarHandle BITS = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "bits", VarHandle.class, ClearedAfterTheHandler.class, int.class);
        final AtomicInteger queued = new AtomicInteger(1);
        int bits = 1;
        int done;

        @Actor
        public void sender() {
            queued.incrementAndGet();
            BITS.getAndBitwiseOr(this, 1);
        }

        @Actor
        public void target() {
            if ((int) BITS.getOpaque(this) != 0) {
                done += queued.getAndSet(0);
                BITS.getAndBitwiseAnd(this, ~1);
            }
        }

        @Arbiter
        public void look(I_Result r) {
            target();
            r.r1 = done;
        }
    }
}
