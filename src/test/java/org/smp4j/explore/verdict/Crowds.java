package org.smp4j.explore.verdict;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.smp4j.explore.model.Timeouts;

/** Programs with more than 64 threads at once, the buggy ones each with its correction. */
final class Crowds {
    private Crowds() {
    }

    private static Thread[] start(int count, IntConsumer body) {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int mine = i;
            threads[i] = Threads.start("t" + i, () -> body.accept(mine));
        }
        return threads;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** An increment of one of many threads is lost. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "random", "pct3", "pos", "surw", "delay1", "starvation",
        "bound1"})
    public static class LostUpdate implements Runnable {
        private volatile int count;

        @Override
        public void run() {
            Threads.join(start(100, _ -> count++));
            Threads.require(count == 100, "count " + count);
        }
    }

    /** Only the last two of many threads increment one count. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "pct3", "surw"})
    public static class LateLostUpdate implements Runnable {
        private final AtomicIntegerArray counts = new AtomicIntegerArray(200);

        @Override
        public void run() {
            Threads.join(start(200, thread -> {
                int place = Math.min(thread, 198);
                counts.set(place, counts.get(place) + 1);
            }));
            Threads.require(counts.get(198) == 2, "count " + counts.get(198));
        }
    }

    /** Only the last two of many threads reach a plain field. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "pct3", "surw"})
    public static class LatePlainUpdate implements Runnable {
        private int late;

        @Override
        public void run() {
            Threads.join(start(200, thread -> {
                if (thread >= 198) {
                    late++;
                }
            }));
            Threads.require(late == 2, "late " + late);
        }
    }

    /** Each increment is made under a lock. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "random", "pct3", "pos", "surw", "delay1", "starvation"},
            schedules = 100)
    public static class Updates implements Runnable {
        private int count;

        @Override
        public void run() {
            Threads.join(start(100, _ -> {
                synchronized (this) {
                    count++;
                }
            }));
            Threads.require(count == 100, "count " + count);
        }
    }

    /** The checker comes between the two writes of one setter, before all others. */
    @Gives(value = Verdict.FAILURE, by = "bound1", schedules = 20_000)
    public static class Reorder implements Runnable {
        volatile int a;
        volatile int b;

        @Override
        public void run() {
            Thread[] setters = start(99, _ -> set());
            Threads.join(Threads.start("checker", this::check));
            Threads.join(setters);
        }

        void set() {
            a = 1;
            b = -1;
        }

        void check() {
            int first = a;
            Threads.require(first == 0 && b == 0 || first == 1 && b == -1, "a is " + first + ", b is " + b);
        }
    }

    /** The same under a lock. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class InOrder extends Reorder {
        @Override
        synchronized void set() {
            super.set();
        }

        @Override
        synchronized void check() {
            super.check();
        }
    }

    /** The last of many threads takes two locks in another order than the others. */
    @Gives(value = Verdict.DEADLOCK, by = {"portfolio", "bound1"})
    public static class LockOrder implements Runnable {
        private final Object a = new Object();
        private final Object b = new Object();
        private int count;

        @Override
        public void run() {
            Threads.join(start(100, this::count));
        }

        void count(int thread) {
            both(thread < 99 ? a : b, thread < 99 ? b : a);
        }

        final void both(Object first, Object second) {
            synchronized (first) {
                synchronized (second) {
                    count++;
                }
            }
        }

        final Object one() {
            return a;
        }

        final Object other() {
            return b;
        }
    }

    /** All take them in one order. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100)
    public static class OneLockOrder extends LockOrder {
        @Override
        void count(int thread) {
            both(one(), other());
        }
    }

    /** The last of many threads takes a timeout of its own for the end of the others. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"})
    public static class Impatient implements Runnable {
        private volatile int done;

        @Override
        public void run() {
            Thread waiter = new Thread(() -> {
                long since = 10_000_000; // nanoseconds
                LockSupport.parkNanos(since);
                Threads.require(done == 70, "only " + done + " are done");
            }, "waiter");
            Thread[] threads = start(70, _ -> {
                synchronized (this) {
                    done++;
                }
            });
            waiter.start();
            Threads.join(threads);
            Threads.join(waiter);
        }
    }

    /** The same where timeouts only fire if no thread can go on. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100, timeouts = Timeouts.NEVER)
    public static class Patient extends Impatient {
    }

    /** Many threads spin, and wait for a latch, until the last one lets them go on. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "pos"}, schedules = 50)
    public static class Gate implements Runnable {
        private final CountDownLatch latch = new CountDownLatch(1);
        private volatile boolean open;
        private int through; // guarded by this

        @Override
        public void run() {
            Thread[] threads = start(200, this::pass);
            Threads.join(Threads.start("opener", () -> {
                open = true;
                latch.countDown();
            }));
            Threads.join(threads);
            Threads.require(through == 200, "through " + through);
        }

        private void pass(int thread) {
            if (thread % 2 == 0) {
                while (!open) {
                    Thread.onSpinWait();
                }
            } else {
                await(latch);
            }
            synchronized (this) {
                through++;
            }
        }
    }

    /** A late thread drops an interrupt that comes early, and then waits for one. */
    @Gives(value = Verdict.DEADLOCK, by = {"portfolio", "pct3", "pos"})
    public static class LateInterrupt implements Runnable {
        private final CountDownLatch never = new CountDownLatch(1);

        @Override
        public void run() {
            CountDownLatch end = new CountDownLatch(1);
            Thread[] others = start(70, _ -> await(end));
            Thread waiter = Threads.start("waiter", this::waits);
            Threads.join(Threads.start("interrupter", waiter::interrupt), waiter);
            end.countDown();
            Threads.join(others);
        }

        void waits() {
            Thread.interrupted();
            waitsOn();
        }

        final void waitsOn() {
            try {
                never.await();
                Threads.require(false, "let go on");
            } catch (InterruptedException e) {
                Threads.require(!Thread.currentThread().isInterrupted(), "still interrupted");
            }
        }
    }

    /** The same thread keeps the interrupt. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "pos"}, schedules = 100)
    public static class LateInterruptKept extends LateInterrupt {
        @Override
        void waits() {
            waitsOn();
        }
    }

    /** Two late threads write a plain field without an order. */
    @Gives(value = Verdict.RACE, by = "portfolio", schedules = 20)
    public static class LateRace implements Runnable {
        private final int[] data = new int[200];

        @Override
        public void run() {
            Threads.join(start(200, thread -> data[thread == 199 ? 198 : thread]++));
        }
    }

    /** Each thread writes a place of its own, and the first one reads them all when they have ended. */
    @Gives(value = Verdict.NO_RACE, by = "portfolio", schedules = 20)
    public static class NoRace implements Runnable {
        private final int[] data = new int[200];

        @Override
        public void run() {
            Threads.join(start(200, thread -> data[thread]++));
            for (int each : data) {
                Threads.require(each == 1, "place " + each);
            }
        }
    }

    /** Of two late threads one hands data over to the other. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound1"}, schedules = 100)
    public static class Handover implements Runnable {
        private static final VarHandle DATA = field("data");
        private static final VarHandle READY = field("ready");
        private int data;
        private int ready;

        private static VarHandle field(String name) {
            return ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), name, VarHandle.class, Handover.class,
                    int.class);
        }

        @Override
        public void run() {
            Threads.join(start(70, this::run));
        }

        private void run(int thread) {
            if (thread == 68) {
                DATA.setOpaque(this, 1);
                ready();
            } else if (thread == 69 && isReady()) {
                Threads.require((int) DATA.getOpaque(this) == 1, "ready, but without data");
            }
        }

        void ready() {
            READY.setOpaque(this, 1);
        }

        boolean isReady() {
            return (int) READY.getOpaque(this) == 1;
        }

        final void release() {
            READY.setRelease(this, 1);
        }

        final boolean acquire() {
            return (int) READY.getAcquire(this) == 1;
        }
    }

    /** The same with an order between the two. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100)
    public static class OrderedHandover extends Handover {
        @Override
        void ready() {
            release();
        }

        @Override
        boolean isReady() {
            return acquire();
        }
    }

    /**
     * Two of many threads reach a plain field: the watcher does if it has seen each step of the walker twice, in so few
     * schedules that none before the first one shows it.
     */
    private abstract static class RareMeeting implements Runnable {
        private static final int STEPS = 3;

        private final int walker;
        private final int watcher;
        private volatile int step;
        private volatile boolean both;
        private int met;

        RareMeeting(int walker, int watcher) {
            this.walker = walker;
            this.watcher = watcher;
        }

        @Override
        public final void run() {
            Thread[] threads = start(70, this::run);
            LockSupport.unpark(threads[walker]);
            LockSupport.unpark(threads[watcher]);
            Threads.join(threads[walker], threads[watcher]);
            for (Thread thread : threads) {
                LockSupport.unpark(thread);
            }
            Threads.join(threads);
            int all = met; // in each schedule: the first thread's access is none that few schedules show
            Threads.require(!both || all == 2, "one is lost");
        }

        private void run(int thread) {
            LockSupport.park();
            if (thread == walker) {
                for (int i = 1; i <= STEPS; i++) {
                    step = i;
                }
                met++;
            } else if (thread == watcher && hasSeenAll()) {
                both = true;
                met++;
            }
        }

        private boolean hasSeenAll() {
            for (int i = 1; i <= STEPS; i++) {
                if (step != i || step != i) {
                    return false;
                }
            }
            return true;
        }
    }

    /** Both have high numbers. */
    @Gives(value = Verdict.FAILURE, by = "random", schedules = 600)
    public static class LateThreadsMeet extends RareMeeting {
        public LateThreadsMeet() {
            super(68, 69);
        }
    }

    /** The one that reaches the field in most schedules has a low number. */
    @Gives(value = Verdict.FAILURE, by = "random", schedules = 600)
    public static class EarlyThreadMeetsLate extends RareMeeting {
        public EarlyThreadMeetsLate() {
            super(0, 69);
        }
    }

    /** The one that reaches the field in few schedules has a low number. */
    @Gives(value = Verdict.FAILURE, by = "random", schedules = 600)
    public static class LateThreadMeetsEarly extends RareMeeting {
        public LateThreadMeetsEarly() {
            super(69, 0);
        }
    }

    /** Strategies that make all orders know few threads. */
    @Gives(value = Verdict.REFUSAL, by = {"dpor", "sleep-sets"},
            saying = {"more than 64 threads at once, and strategy ", "portfolio or bound2, which know 4096"})
    public static class TooManyForAllOrders extends Updates {
    }

    /** More threads at once than the explorer has numbers for. */
    @Gives(value = Verdict.REFUSAL, by = "portfolio", saying = "more than 4096 threads at once; a thread counts")
    public static class TooMany implements Runnable {
        private volatile int count;

        @Override
        public void run() {
            Threads.join(start(4096, _ -> count++));
        }
    }
}
