package org.smp4j.explore.protocol;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.smp4j.explore.Exploring;

/** What goes wrong, or does not, where all threads have their turns. */
public final class Turns {
    private Turns() {
    }

    /** Two that meet in a corridor. */
    abstract static class Corridor implements Runnable {
        final AtomicInteger first = new AtomicInteger();
        final AtomicInteger second = new AtomicInteger();

        /** Goes to the other side as long as it is in the way, and is through then. */
        static void pass(AtomicInteger own, AtomicInteger other) {
            while (own.get() == other.get()) {
                own.set(1 - own.get());
            }
            own.set(2);
        }
    }

    /** Each makes way for the other, again and again. */
    public static final class BothMakeWay extends Corridor {
        /** Fresh. */
        public BothMakeWay() {
        }

        @Override
        public void run() {
            Small.run(() -> pass(first, second), () -> pass(second, first));
        }
    }

    /** As {@link BothMakeWay}, after one of the two had something else to do. */
    public static final class BothMakeWayLater extends Corridor {
        private volatile int work;

        /** Fresh. */
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

    /** One makes way, and the other waits for that. */
    public static final class OneMakesWay extends Corridor {
        /** Fresh. */
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

    /** Each increments a counter, as often as it takes, many times. */
    public static final class Increments implements Runnable {
        private final AtomicInteger counter = new AtomicInteger();

        /** Fresh. */
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

    /** Waits for a flag without saying so. */
    public static final class WaitsForFlag implements Runnable {
        private volatile boolean flag;
        private volatile int work;

        /** Fresh. */
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
     * Each needs two locks, takes them in its own order, and gives the first up if it can't have the other: how it
     * comes to try again is told below.
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
        /** Fresh. */
        public TriesAgain() {
        }

        @Override
        void backOff(int id, int tries) {
            // Nothing: that is the mistake.
        }
    }

    /** After some steps, of which there are more each time, and not as many as those of the other. */
    public static final class BacksOff extends TwoLocks {
        private volatile int work;

        /** Fresh. */
        public BacksOff() {
        }

        @Override
        void backOff(int id, int tries) {
            for (int i = 0; i < tries * id; i++) {
                work = i;
            }
        }
    }

    /** Looks at the clock until it is time. */
    public static final class LooksAtTheClock extends TwoLocks {
        /** Fresh. */
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

    /** Goes round until a third has waited for a while. */
    public static final class WaitsOnTheClock extends TwoLocks {
        private volatile boolean enough;

        /** Fresh. */
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

    /** As {@link TriesAgain}; a third sleeps for seconds, which is of no help. */
    public static final class TriesAgainBesideASleeper extends TwoLocks {
        /** Fresh. */
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

    /**
     * One works until it is told that it is enough, which is after seconds; and so no schedule ends before the limit of
     * steps.
     */
    public static final class WorksUntilTold implements Runnable {
        private final AtomicInteger work = new AtomicInteger();
        private volatile boolean enough;

        /** Fresh. */
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

        /** Fresh. */
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

    /** Parks, one for longer than the other. */
    public static final class Parks extends TwoLocks {
        /** Fresh. */
        public Parks() {
        }

        @Override
        void backOff(int id, int tries) {
            LockSupport.parkNanos(1_000_000L * id);
        }
    }

    /** Draws whether it waits for a round. */
    public static final class Draws extends TwoLocks {
        private volatile int work;

        /** Fresh. */
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
