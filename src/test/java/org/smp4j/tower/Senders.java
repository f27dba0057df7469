package org.smp4j.tower;

import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;
import static org.smp4j.weave.OrderedAccess.access;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.explore.Exploring;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.CallScenario;
import org.smp4j.weave.Weave;

/** Two CPUs send the same thing; each with what is left where the protection is missing. */
public final class Senders {
    private Senders() {
    }

    /** Two CPUs send one csd to a third, and agree with a lock of their own whose turn it is. */
    public static final class OneCsd extends CallScenario {
        /** A csd that is on its way is sent once more. */
        static final Weave UNLOCKED = Weave.in(Smp.class, "smpCallFunctionSingleAsync")
                .replace(call(Csd.class, "isLocked")).by(hook(OneCsd.class, "isFree"));

        private final RawSpinLock turn = new RawSpinLock();
        private final AtomicInteger accepted = new AtomicInteger();
        private final AtomicInteger ran = new AtomicInteger();

        /** Made for each run. */
        public OneCsd() {
            super(3);
        }

        @Override
        protected void play() {
            Csd csd = new Csd(SmpCallFunc.named("count", _ -> ran.incrementAndGet()), null);
            for (int cpu = 0; cpu < 2; cpu++) {
                on(cpu, () -> {
                    Waiter self = Waiter.current();
                    int flags = turn.lock(self);
                    if (smp().smpCallFunctionSingleAsync(2, csd) == 0) {
                        accepted.incrementAndGet();
                    }
                    turn.unlock(self, flags);
                });
            }
        }

        @Override
        protected void check() {
            if (ran.get() != accepted.get()) {
                Exploring.broken("lost call", "accepted " + accepted + ", run " + ran, List.of());
            }
        }

        /**
         * A look that sees nothing.
         *
         * @param csd the csd
         * @return that it is not locked
         */
        public static boolean isFree(Csd csd) {
            return false;
        }
    }

    /**
     * Two CPUs queue one irq_work, each for itself and behind one of its own: it is on one list at a time, so neither
     * list goes on as the other.
     */
    public static final class OneIrqWork extends CallScenario {
        /** It is claimed by a read and a write. */
        static final Weave BY_READ_AND_WRITE = Weave.in(IrqWork.class, "claim")
                .weaken(access("FLAGS", "getAndBitwiseOr")).toReadAndWrite();

        private final AtomicInteger queued = new AtomicInteger();
        private final AtomicInteger ran = new AtomicInteger();

        /** Made for each run. */
        public OneIrqWork() {
            super(2);
        }

        @Override
        protected void play() {
            IrqWorks irqWorks = new IrqWorks(smp());
            IrqWork shared = IrqWork.of(_ -> ran.incrementAndGet());
            for (int cpu = 0; cpu < 2; cpu++) {
                int here = cpu;
                IrqWork own = IrqWork.of(_ -> {
                    ran.incrementAndGet();
                    if (Cpu.rawSmpProcessorId() != here) {
                        Exploring.broken("wrong CPU", "the work of CPU " + here + " runs on CPU "
                                + Cpu.rawSmpProcessorId(), List.of());
                    }
                });
                on(cpu, () -> {
                    boolean flags = LocalIrq.save(); // both wait for the interrupt
                    queue(irqWorks, own);
                    queue(irqWorks, shared);
                    LocalIrq.restore(flags);
                });
            }
        }

        private void queue(IrqWorks irqWorks, IrqWork work) {
            if (irqWorks.irqWorkQueue(work)) {
                queued.incrementAndGet();
            }
        }

        @Override
        protected void check() {
            if (ran.get() != queued.get()) {
                Exploring.broken("lost work", "queued " + queued + " times, run " + ran + " times", List.of());
            }
        }
    }
}
