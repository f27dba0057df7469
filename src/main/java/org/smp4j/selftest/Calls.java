package org.smp4j.selftest;

import static org.smp4j.selftest.Lists.hold;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.lib.CpuMask;
import org.smp4j.scenario.BareCpus;

/** Scenarios of calls between CPUs, without a scheduler. */
public final class Calls {
    private Calls() {
    }

    /** A call that waits, and one that does not. */
    public static final class WaitForCall extends BareCpus {
        private volatile int ran;

        /** Made for each run. */
        public WaitForCall() {
            super(2, "");
        }

        @Override
        protected void begin() {
            at(0, () -> {
                int err = smp.smpCallFunctionSingle(1, SmpCallFunc.named("set", _ -> ran = 1), null, true);
                int seen = ran;
                hold(err == 0 && seen == 1, "waited in vain", () -> "the call has returned " + err + ", and has not run");
            });
            at(1, () -> {
            });
        }

        @Override
        protected void end() {
        }
    }

    /** Two CPUs call a third, without waiting, twice each. */
    public static final class AsyncCalls extends BareCpus {
        private final AtomicInteger ran = new AtomicInteger();
        private final List<Integer> order = new ArrayList<>();

        /** Made for each run. */
        public AsyncCalls() {
            super(3, "");
        }

        private void call(int cpu, int number) {
            Csd csd = new Csd(SmpCallFunc.named("note", info -> {
                order.add((Integer) info);
                ran.incrementAndGet();
            }), number);
            smp.smpCallFunctionSingleAsync(cpu, csd);
        }

        @Override
        protected void begin() {
            at(0, () -> {
                call(2, 1);
                call(2, 2);
            });
            at(1, () -> call(2, 10));
            at(2, () -> {
            });
        }

        @Override
        protected void end() {
            hold(ran.get() == 3, "lost call", () -> ran.get() + " of 3 calls have run");
            hold(order.indexOf(1) < order.indexOf(2), "order of calls", () -> "they ran as " + order);
        }
    }

    /** The CPU that is called idles. */
    public static final class CallOfIdle extends BareCpus {
        private volatile boolean ran;

        /** Made for each run. */
        public CallOfIdle() {
            super(2, "");
        }

        @Override
        protected void begin() {
            at(0, () -> smp.smpCallFunctionSingle(1, SmpCallFunc.named("set", _ -> ran = true), null, false));
            at(1, () -> {
                while (!ran) {
                    await(Cpu.current());
                }
            });
        }

        @Override
        protected void end() {
        }
    }

    /** One call for many, twice, from the same memory. */
    public static final class CallMany extends BareCpus {
        private final AtomicInteger ran = new AtomicInteger();

        /** Made for each run. */
        public CallMany() {
            super(3, "");
        }

        private void many(boolean wait) {
            Cpu.getCpu();
            smp.smpCallFunctionMany(CpuMask.of(3, 1, 2), SmpCallFunc.named("count", _ -> ran.incrementAndGet()), null, wait);
            Cpu.putCpu();
        }

        @Override
        protected void begin() {
            at(0, () -> {
                many(false);
                many(true);
                int seen = ran.get();
                hold(seen == 4, "waited in vain", () -> "2 calls of 2 CPUs have run " + seen + " times");
            });
            at(1, () -> {
            });
            at(2, () -> {
            });
        }

        @Override
        protected void end() {
        }
    }

    /** An irq_work that two CPUs queue: it runs at least once after each time that it was free, and never on two CPUs at once. */
    public static final class QueueIrqWork extends BareCpus {
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger queued = new AtomicInteger();
        private final IrqWork work = IrqWork.of(_ -> runs.incrementAndGet());

        /** Made for each run. */
        public QueueIrqWork() {
            super(3, "");
        }

        private void queue() {
            if (irqWorks.irqWorkQueueOn(work, 2)) {
                queued.incrementAndGet();
            }
        }

        @Override
        protected void begin() {
            at(0, () -> {
                queue();
                queue();
                irqWorks.irqWorkSync(work);
                boolean busy = work.isPending();
                int seen = runs.get();
                hold(busy || seen > 0, "synchronized in vain", () -> "the work has run " + seen + " times");
            });
            at(1, this::queue);
            at(2, () -> {
            });
        }

        @Override
        protected void end() {
            hold(runs.get() == queued.get(), "lost work", () -> "queued " + queued.get() + " times, run " + runs.get() + " times");
            hold(!work.isPending() && !work.isBusy(), "work not free", () -> "nobody is left who could run it, and it is busy");
        }
    }

    /** Different interrupts of one CPU. */
    public static final class TwoInterrupts extends BareCpus {
        private final AtomicInteger ran = new AtomicInteger();
        private final IrqWork work = IrqWork.of(_ -> ran.incrementAndGet());

        /** Made for each run. */
        public TwoInterrupts() {
            super(2, "");
        }

        @Override
        protected void begin() {
            at(0, () -> smp.smpCallFunctionSingle(1, SmpCallFunc.named("count", _ -> ran.incrementAndGet()), null, false));
            at(1, () -> irqWorks.irqWorkQueue(work));
        }

        @Override
        protected void end() {
            hold(ran.get() == 2, "lost interrupt", () -> ran.get() + " of 2 have come");
        }
    }
}
