package org.smp4j.selftest.scenario;

import static org.smp4j.selftest.scenario.Rules.mustHold;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.call.Csd;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.IdleWait;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.scenario.CallScenario;

/** Scenarios of calls between CPUs, without a scheduler. */
public final class CallCases {
    private CallCases() {
    }

    /** A call that waits, and one that does not. */
    public static final class WaitForCall extends CallScenario {
        // Written by: the call. Read by: its sender, when it has returned. Ordering: volatile.
        private volatile int ran;

        /** Made for each run. */
        public WaitForCall() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> {
                int err = smp().smpCallFunctionSingle(1, SmpCallFunc.named("set", _ -> ran = 1), null, true);
                int seen = ran;
                mustHold(err == 0 && seen == 1, "waited in vain", () -> "the call has returned " + err
                        + ", and has not run");
            });
        }
    }

    /** Two CPUs call a third, without waiting, twice each. */
    public static final class AsyncCalls extends CallScenario {
        private final AtomicInteger ran = new AtomicInteger();
        private final List<Integer> order = new ArrayList<>();

        /** Made for each run. */
        public AsyncCalls() {
            super(3);
        }

        private void call(int cpu, int number) {
            Csd csd = new Csd(SmpCallFunc.named("note", info -> {
                order.add((Integer) info);
                ran.incrementAndGet();
            }), number);
            smp().smpCallFunctionSingleAsync(cpu, csd);
        }

        @Override
        protected void play() {
            on(0, () -> {
                call(2, 1);
                call(2, 2);
            });
            on(1, () -> call(2, 10));
        }

        @Override
        protected void check() {
            mustHold(ran.get() == 3, "lost call", () -> ran.get() + " of 3 calls have run");
            mustHold(order.indexOf(1) < order.indexOf(2), "order of calls", () -> "they ran as " + order);
        }
    }

    /** The target of a call idles. */
    public static final class CallOfIdle extends CallScenario {
        // Written by: the call. Read by: the CPU that idles, between halts. Ordering: volatile.
        private volatile boolean ran;

        /** Made for each run. */
        public CallOfIdle() {
            super(2);
        }

        @Override
        protected void play() {
            on(0, () -> smp().smpCallFunctionSingle(1, SmpCallFunc.named("set", _ -> ran = true), null, false));
            on(1, () -> {
                while (!ran) {
                    Cpu cpu = Cpu.current();
                    IdleWait.await(cpu);
                    cpu.poll();
                }
            });
        }
    }

    /** A call to many CPUs, twice, with the same memory. */
    public static final class CallMany extends CallScenario {
        private final AtomicInteger ran = new AtomicInteger();

        /** Made for each run. */
        public CallMany() {
            super(3);
        }

        private void many(boolean wait) {
            Cpu.getCpu();
            smp().smpCallFunctionMany(CpuMask.of(3, 1, 2), SmpCallFunc.named("count", _ -> ran.incrementAndGet()), null,
                    wait);
            Cpu.putCpu();
        }

        @Override
        protected void play() {
            on(0, () -> {
                many(false);
                many(true);
                int seen = ran.get();
                mustHold(seen == 4, "waited in vain", () -> "2 calls of 2 CPUs have run " + seen + " times");
            });
        }
    }

    /**
     * Two CPUs queue an irq_work: after each time that it was free it runs at least once, and never on two CPUs at
     * once.
     */
    public static final class QueueIrqWork extends CallScenario {
        private final AtomicInteger runs = new AtomicInteger();
        private final AtomicInteger queued = new AtomicInteger();
        private IrqWorks irqWorks;
        private final IrqWork work = IrqWork.of(running -> {
            boolean busy = running.isBusy();
            mustHold(busy, "work not busy", () -> "it runs, but a waiter for it would not wait");
            runs.incrementAndGet();
        });

        /** Made for each run. */
        public QueueIrqWork() {
            super(3);
        }

        private void queue() {
            if (irqWorks.irqWorkQueueOn(work, 2)) {
                queued.incrementAndGet();
            }
        }

        @Override
        protected void play() {
            irqWorks = new IrqWorks(smp());
            on(0, () -> {
                queue();
                queue();
                irqWorks.irqWorkSync(work);
                boolean busy = work.isPending();
                int seen = runs.get();
                mustHold(busy || seen > 0, "synchronized in vain", () -> "the work has run " + seen + " times");
            });
            on(1, this::queue);
        }

        @Override
        protected void check() {
            mustHold(runs.get() == queued.get(), "lost work",
                    () -> "queued " + queued.get() + " times, run " + runs.get() + " times");
            mustHold(!work.isPending() && !work.isBusy(), "work not free",
                    () -> "it is busy, but no CPU is left to run it");
        }
    }

    /** Different interrupts of one CPU. */
    public static final class TwoInterrupts extends CallScenario {
        private final AtomicInteger ran = new AtomicInteger();
        private IrqWorks irqWorks;
        private final IrqWork work = IrqWork.of(_ -> ran.incrementAndGet());

        /** Made for each run. */
        public TwoInterrupts() {
            super(2);
        }

        @Override
        protected void play() {
            irqWorks = new IrqWorks(smp());
            on(0, () -> smp().smpCallFunctionSingle(1, SmpCallFunc.named("count", _ -> ran.incrementAndGet()), null,
                    false));
            on(1, () -> irqWorks.irqWorkQueue(work));
        }

        @Override
        protected void check() {
            mustHold(ran.get() == 2, "lost interrupt", () -> ran.get() + " of 2 have come");
        }
    }

    /** Two CPUs count under a lock. */
    public static final class CountUnderLock extends CallScenario {
        private final RawSpinLock lock = new RawSpinLock();
        // Written by: both CPUs. Read by: both CPUs. Ordering: the lock, if there is one.
        private volatile int count;

        /** Made for each run. */
        public CountUnderLock() {
            super(2);
        }

        private void count() {
            Waiter self = Waiter.current();
            int flags = lock.lock(self);
            count = count + 1;
            lock.unlock(self, flags);
        }

        @Override
        protected void play() {
            on(0, this::count);
            on(1, this::count);
        }

        @Override
        protected void check() {
            mustHold(count == 2, "mutual exclusion", () -> "counted to " + count);
        }
    }

    /** Two CPUs wait, and two complete. */
    public static final class WaitAndComplete extends CallScenario {
        private final Completion completion = new Completion();

        /** Made for each run. */
        public WaitAndComplete() {
            super(4);
        }

        @Override
        protected void play() {
            on(0, completion::waitForCompletion);
            on(1, completion::waitForCompletion);
            on(2, completion::complete);
            on(3, completion::complete);
        }
    }
}
