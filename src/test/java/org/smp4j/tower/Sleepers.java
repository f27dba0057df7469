package org.smp4j.tower;

import static org.smp4j.tower.Scaffold.hold;
import static org.smp4j.weave.Call.call;
import static org.smp4j.weave.Hook.hook;

import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.lib.Completion;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.scenario.CallScenario;
import org.smp4j.scenario.TaskScenario;
import org.smp4j.sched.Mutex;
import org.smp4j.sched.PercpuRwsem;
import org.smp4j.sched.Task;
import org.smp4j.selftest.scenario.Substitutes;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.weave.Weave;

/** Several tasks at once at what one can sleep for; each with what is left of it where the protection is missing. */
public final class Sleepers {
    private Sleepers() {
    }

    /** Two tasks stop the same CPU, on which a third is woken. */
    public static final class TwoStops extends TaskScenario {
        /** A stopper looks for works, and goes to sleep, beside the lock. */
        static final Weave UNLOCKED = Weave.in("org.smp4j.stop.CpuStopper", "poll")
                .replace(call(RawSpinLock.class, "lock")).by(hook(Substitutes.class, "noLock"));

        private volatile boolean may;
        private int stops; // the stopper's

        /** Made for each run. */
        public TwoStops() {
            super(3);
        }

        @Override
        protected void play() {
            Task waiter = task(2, "waiter", () -> {
                while (!may) {
                    Task.current().block();
                }
            });
            for (int cpu = 0; cpu < 2; cpu++) {
                task(cpu, "stop/" + cpu, () -> {
                    stopMachine().stopOneCpu(2, CpuStopFn.named("count", _ -> ++stops), null);
                    may = true;
                    waiter.wake();
                });
            }
        }

        @Override
        protected void check() {
            hold(stops == 2, "lost work", "two works were queued, " + stops + " ran");
        }
    }

    /** Three tasks on three CPUs take a mutex. */
    public static final class ThreeOwners extends TaskScenario {
        /** The mutex is taken beside its spinlock. */
        static final Weave UNLOCKED = Weave.in(Mutex.class, "lock").replace(call(RawSpinLock.class, "lock").all(2))
                .by(hook(Substitutes.class, "noLock"));

        private final Mutex mutex = new Mutex();
        private volatile Task inside;

        /** Made for each run. */
        public ThreeOwners() {
            super(3);
        }

        @Override
        protected void play() {
            for (int cpu = 0; cpu < nrCpus; cpu++) {
                task(cpu, "owner/" + cpu, () -> {
                    mutex.lock();
                    hold(inside == null, "mutual exclusion", "two tasks hold a mutex");
                    inside = Task.current();
                    inside = null;
                    mutex.unlock();
                });
            }
        }
    }

    /** Two tasks read and two write under one semaphore, on four CPUs. */
    public static final class TwoWriters extends TaskScenario {
        /** A writer does not look whether another one is there. */
        static final Weave BLIND = Weave.in(PercpuRwsem.class, "downWrite")
                .replace(call(AtomicInteger.class, "compareAndSet"))
                .by(hook(TwoWriters.class, "blindly"));

        private final AtomicInteger readers = new AtomicInteger();
        private final AtomicInteger writers = new AtomicInteger();

        /** Made for each run. */
        public TwoWriters() {
            super(4);
        }

        @Override
        protected void play() {
            PercpuRwsem semaphore = new PercpuRwsem(scheduler());
            for (int cpu = 0; cpu < 2; cpu++) {
                task(cpu, "reader/" + cpu, () -> {
                    semaphore.downRead();
                    readers.incrementAndGet();
                    alone(writers.get() == 0);
                    readers.decrementAndGet();
                    semaphore.upRead();
                });
                task(2 + cpu, "writer/" + cpu, () -> {
                    semaphore.downWrite();
                    int others = writers.getAndIncrement();
                    alone(others == 0 && readers.get() == 0);
                    writers.decrementAndGet();
                    semaphore.upWrite();
                });
            }
        }

        private static void alone(boolean alone) {
            hold(alone, "mutual exclusion", "a writer shares the semaphore");
        }

        /**
         * The block is set, also where another writer has set it before.
         *
         * @param block the semaphore's
         * @param free ignored
         * @param taken the new value
         * @return that the writer has it
         */
        public static boolean blindly(AtomicInteger block, int free, int taken) {
            block.set(taken);
            return true;
        }
    }

    /** Two CPUs wait; one completes for one of them, another for all. */
    public static final class OneAndAll extends CallScenario {
        /** The completion is counted beside the lock. */
        static final Weave UNLOCKED = Weave.in(Completion.class, "complete").withDescriptor("(I)V")
                .replace(call(RawSpinLock.class, "lock"))
                .by(hook(Substitutes.class, "noLock"));

        private final Completion completion = new Completion();

        /** Made for each run. */
        public OneAndAll() {
            super(4);
        }

        @Override
        protected void play() {
            on(0, completion::waitForCompletion);
            on(1, completion::waitForCompletion);
            on(2, completion::complete);
            on(3, () -> {
                completion.completeAll();
                completion.waitForCompletion(); // ends, whatever the others take
            });
        }
    }
}
