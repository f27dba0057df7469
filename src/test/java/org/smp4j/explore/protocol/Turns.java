package org.smp4j.explore.protocol;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.explore.Exploring;

/** Programs that go wrong, or do not, if all threads step in turn. */
public final class Turns {
    private Turns() {
    }

    /** Two threads that meet in a corridor. */
    abstract static class Corridor implements Runnable {
        final AtomicInteger first = new AtomicInteger();
        final AtomicInteger second = new AtomicInteger();

        /** Changes sides as long as it is in the way, and then is through. */
        static void pass(AtomicInteger own, AtomicInteger other) {
            while (own.get() == other.get()) {
                own.set(1 - own.get());
            }
            own.set(2);
        }
    }

    /** Each thread makes way for the other, again and again. */
    public static final class BothMakeWay extends Corridor {
        /** Makes a fresh one. */
        public BothMakeWay() {
        }

        @Override
        public void run() {
            Small.run(() -> pass(first, second), () -> pass(second, first));
        }
    }

    /** As {@link BothMakeWay}, after one of the two has made other steps. */
    public static final class BothMakeWayLater extends Corridor {
        private volatile int work;

        /** Makes a fresh one. */
        public BothMakeWayLater() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                work = 1;
                work = 2;
                work = 3;
                pass(first, second);
            }, () -> {
                if (work < 4) {
                    pass(second, first);
                }
            });
        }
    }

    /**
     * Without an end if a thread sees both values while they are set; with one of them only it takes many steps, and
     * ends.
     */
    public static final class LongOrEndless implements Runnable {
        private static final int LONG = 4_000;

        private final AtomicInteger first = new AtomicInteger();
        private final AtomicInteger second = new AtomicInteger();

        /** Makes a fresh one. */
        public LongOrEndless() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                first.set(1);
                first.set(0);
                second.set(1);
                second.set(0);
            }, () -> {
                boolean one = first.get() == 1;
                boolean both = second.get() == 1 && one;
                for (int i = 0; one && (both || i < LONG); i++) {
                    first.get();
                }
            });
        }
    }

    /** One thread makes way, and the other waits for that. */
    public static final class OneMakesWay extends Corridor {
        /** Makes a fresh one. */
        public OneMakesWay() {
        }

        @Override
        public void run() {
            Small.run(() -> pass(first, second), () -> {
                while (second.get() == first.get()) {
                    Thread.onSpinWait();
                }
                second.set(2);
            });
        }
    }

    /** Each thread increments a counter many times, and retries each increment until it succeeds. */
    public static final class Increments implements Runnable {
        private final AtomicInteger counter = new AtomicInteger();

        /** Makes a fresh one. */
        public Increments() {
        }

        private void increment() {
            for (int i = 0; i < 30; i++) {
                int seen = counter.get();
                while (!counter.compareAndSet(seen, seen + 1)) {
                    seen = counter.get();
                }
            }
        }

        @Override
        public void run() {
            Small.run(this::increment, this::increment);
            if (counter.get() != 60) {
                throw new AssertionError("lost: " + counter.get());
            }
        }
    }

    /** Each thread does the same thousands of times, and only its own counter changes. */
    public static final class DoesTheSame implements Runnable {
        private final AtomicInteger used = new AtomicInteger();

        /** Makes a fresh one. */
        public DoesTheSame() {
        }

        private void use() {
            for (int i = 0; i < 10_000; i++) {
                used.set(1);
                used.set(0);
            }
        }

        @Override
        public void run() {
            Small.run(this::use, this::use);
        }
    }

    /** Waits for a flag without a spin hint. */
    public static final class WaitsForFlag implements Runnable {
        private volatile boolean flag;
        private volatile int work;

        /** Makes a fresh one. */
        public WaitsForFlag() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                for (int i = 0; i < 50; i++) {
                    work = i;
                }
                flag = true;
            }, () -> {
                while (!flag) {
                    Thread.yield();
                }
            });
        }
    }

    /**
     * Each thread needs two locks, takes them in its own order, and releases the first if it can't get the other. The
     * subclasses say when it tries again.
     */
    abstract static class TwoLocks implements Runnable {
        final AtomicBoolean left = new AtomicBoolean();
        final AtomicBoolean right = new AtomicBoolean();

        abstract void backOff(int id, int tries);

        private void both(int id, AtomicBoolean one, AtomicBoolean other) {
            for (int tries = 1;; tries++) {
                if (one.compareAndSet(false, true)) {
                    if (other.compareAndSet(false, true)) {
                        other.set(false);
                        one.set(false);
                        return;
                    }
                    one.set(false);
                }
                backOff(id, tries);
            }
        }

        @Override
        public void run() {
            Small.run(() -> both(1, left, right), () -> both(2, right, left));
        }
    }

    /** At once. */
    public static final class TriesAgain extends TwoLocks {
        /** Makes a fresh one. */
        public TriesAgain() {
        }

        @Override
        void backOff(int id, int tries) {
            // Nothing: that is the mistake.
        }
    }

    /** After some steps: more each time, and another number than the other thread's. */
    public static final class BacksOff extends TwoLocks {
        private volatile int work;

        /** Makes a fresh one. */
        public BacksOff() {
        }

        @Override
        void backOff(int id, int tries) {
            for (int i = 0; i < tries * id; i++) {
                work = i;
            }
        }
    }

    /** Reads the clock until a time is reached. */
    public static final class LooksAtTheClock extends TwoLocks {
        /** Makes a fresh one. */
        public LooksAtTheClock() {
        }

        @Override
        void backOff(int id, int tries) {
            long end = System.nanoTime() + 1000L * id * tries;
            while (System.nanoTime() < end) {
                left.get();
            }
        }
    }

    /** Loops until a third thread has waited for a while. */
    public static final class WaitsOnTheClock extends TwoLocks {
        private volatile boolean enough;

        /** Makes a fresh one. */
        public WaitsOnTheClock() {
        }

        @Override
        void backOff(int id, int tries) {
            if (enough && id == 2) {
                right.get();
            }
        }

        @Override
        public void run() {
            Thread third = new Thread(() -> {
                LockSupport.parkNanos(10_000_000);
                enough = true;
            });
            third.start();
            super.run();
        }
    }

    /** As {@link TriesAgain}; a third thread sleeps for seconds, which does not help. */
    public static final class TriesAgainBesideASleeper extends TwoLocks {
        /** Makes a fresh one. */
        public TriesAgainBesideASleeper() {
        }

        @Override
        void backOff(int id, int tries) {
            // Nothing: that is the mistake.
        }

        @Override
        public void run() {
            Thread third = new Thread(() -> LockSupport.parkNanos(10_000_000_000L));
            third.start();
            super.run();
        }
    }

    /** One thread works until another tells it to stop, after seconds; so no schedule ends before the step limit. */
    public static final class WorksUntilTold implements Runnable {
        private final AtomicInteger work = new AtomicInteger();
        private volatile boolean enough;

        /** Makes a fresh one. */
        public WorksUntilTold() {
        }

        @Override
        public void run() {
            Small.run(() -> {
                while (!enough) {
                    work.incrementAndGet();
                }
            }, () -> {
                for (int i = 0; i < 3; i++) {
                    LockSupport.parkNanos(5_000_000_000L);
                }
                enough = true;
            });
        }
    }

    /** Works for some milliseconds. */
    public static final class WorksUntilTime implements Runnable {
        private final AtomicInteger work = new AtomicInteger();

        /** Makes a fresh one. */
        public WorksUntilTime() {
        }

        @Override
        public void run() {
            Small.run(this::work, this::work);
        }

        private void work() {
            long end = System.nanoTime() + 5_000_000;
            while (System.nanoTime() < end) {
                work.incrementAndGet();
            }
        }
    }

    /** Parks, one thread for longer than the other. */
    public static final class Parks extends TwoLocks {
        /** Makes a fresh one. */
        public Parks() {
        }

        @Override
        void backOff(int id, int tries) {
            LockSupport.parkNanos(1_000_000L * id);
        }
    }

    /** Chooses whether it waits for a round. */
    public static final class Draws extends TwoLocks {
        private volatile int work;

        /** Makes a fresh one. */
        public Draws() {
        }

        @Override
        void backOff(int id, int tries) {
            if (Exploring.choose(2) == 1) {
                work = id;
            }
        }
    }
}
