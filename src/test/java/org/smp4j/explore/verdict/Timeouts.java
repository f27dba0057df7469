package org.smp4j.explore.verdict;

import static java.lang.Thread.sleep;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A timeout is a minimum time and orders nothing: the event that it waits for may come later. A search with
 * partial-order reduction says in its claim that no timeout fires early.
 */
final class Timeouts {
    private static final String LATE = "timeouts fire, and time passes, only where no thread can go on";

    private Timeouts() {
    }

    /** To park for no time does nothing: it leaves the permit. */
    @Gives(Verdict.PASS)
    public static class ParksForNoTime implements Runnable {
        @Override
        public void run() {
            LockSupport.unpark(Thread.currentThread());
            LockSupport.parkNanos(0);
            LockSupport.parkNanos(this, -1);
            LockSupport.park();
        }
    }

    /** A thread that spins until another one has slept spins about as long, however often a third one naps. */
    @Gives(Verdict.PASS)
    public static class SpinsWhileOthersSleep implements Runnable {
        private volatile boolean done;

        @Override
        public void run() {
            Thread sleeper = new Thread(() -> {
                nap(1000);
                done = true;
            });
            Thread napper = new Thread(() -> {
                while (!done) {
                    nap(1);
                }
            });
            sleeper.start();
            napper.start();
            long start = System.nanoTime();
            while (!done) {
                Thread.onSpinWait();
            }
            Threads.require(System.nanoTime() - start < 2_000_000_000L, "it has spun for two seconds or more");
        }

        private static void nap(long millis) {
            try {
                sleep(millis);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** To park up to a time that is over takes the permit. */
    @Gives(Verdict.DEADLOCK)
    public static class ParksUntilBefore implements Runnable {
        @Override
        public void run() {
            LockSupport.unpark(Thread.currentThread());
            LockSupport.parkUntil(1);
            LockSupport.park();
        }
    }

    /** Of the calls that sleep for no time, only {@code Thread.sleep} of zero sees an interrupt. */
    @Gives(Verdict.PASS)
    public static class SleepsForNoTime implements Runnable {
        @Override
        public void run() {
            Thread.currentThread().interrupt();
            try {
                TimeUnit.SECONDS.sleep(0);
                TimeUnit.SECONDS.sleep(-1);
                sleep(Duration.ofMillis(-1));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Threads.require(interrupted(0), "sleep does not see the interrupt");
            Thread.currentThread().interrupt();
            Threads.require(!interrupted(-1) && Thread.interrupted(), "sleep sees the interrupt");
        }

        private static boolean interrupted(long nanos) {
            try {
                sleep(Duration.ofNanos(nanos));
                return false;
            } catch (InterruptedException e) {
                return true;
            }
        }
    }

    /** A thread that sleeps for no time, or yields, may go on before any other: also if no timeout fires early. */
    @Gives(value = Verdict.FAILURE, timeouts = org.smp4j.explore.model.Timeouts.NEVER)
    public static class GoesOnAtOnce implements Runnable {
        private volatile int value;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> {
                try {
                    sleep(0);
                    TimeUnit.SECONDS.sleep(0);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                Thread.yield();
                LockSupport.parkNanos(0);
                value = 1;
            });
            Threads.require(value == 0, "the other was first");
            Threads.join(other);
        }
    }

    /** Waits with a timeout for a signal that may come too late. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "random", "pct", "pos", "surw", "starvation", "delay1",
            "bound1"}, saying = "the timeout of main fires")
    public static class WaitTooShort implements Runnable {
        private boolean done;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> {
                synchronized (this) {
                    done = true;
                    notifyAll();
                }
            });
            synchronized (this) {
                try {
                    if (!done) {
                        wait(20);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                Threads.require(done, "too late");
            }
            Threads.join(other);
        }
    }

    /** Waits as long as it takes. */
    @Gives(Verdict.PASS)
    public static class WaitAgain implements Runnable {
        private boolean done;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> {
                synchronized (this) {
                    done = true;
                    notifyAll();
                }
            });
            synchronized (this) {
                try {
                    while (!done) {
                        wait(20);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            Threads.join(other);
        }
    }

    /** The same; the claim of a partial-order reduction names what it does not try. */
    @Gives(value = Verdict.PASS, by = "dpor", saying = LATE)
    public static class WaitAgainReduced extends WaitAgain {
    }

    /** A short sleep in place of synchronization. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"})
    public static class Nap implements Runnable {
        private volatile int ready;
        private volatile int idle;

        void rest() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(50);
        }

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> ready = 1);
            Thread another = Threads.start("another", () -> idle++);
            try {
                rest();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Threads.require(ready == 1, "not ready");
            Threads.join(other, another);
        }
    }

    /** The same, parked. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"})
    public static class ParkedNap extends Nap {
        @Override
        void rest() {
            LockSupport.parkNanos(this, 50_000);
        }
    }

    /** The same by a unit of time. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"})
    public static class NapOfUnits extends Nap {
        @Override
        void rest() throws InterruptedException {
            TimeUnit.MICROSECONDS.sleep(900);
        }
    }

    /** A minute counts as longer than any other operation. */
    @Gives(Verdict.PASS)
    public static class LongNap extends Nap {
        @Override
        void rest() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(60_000);
        }
    }

    /** A search that lets short timeouts fire at any time names the long ones. */
    @Gives(value = Verdict.PASS, by = "bound2",
            saying = "timeouts of a second or more fire only where no thread can go on")
    public static class LongNapBounded extends LongNap {
    }

    /** Does not wait long enough for a thread. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"})
    public static class JoinTooShort implements Runnable {
        private volatile int ready;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> ready = 1);
            try {
                other.join(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            Threads.require(ready == 1, "it has not ended");
        }
    }

    /** Two threads that sleep equally long and then count. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1", "dpor"})
    public static class EqualNaps implements Runnable {
        private volatile int count;

        private void napAndCount() throws InterruptedException {
            TimeUnit.MILLISECONDS.sleep(10);
            count++;
        }

        @Override
        public void run() {
            Threads.join(Threads.start("a", this::napAndCount), Threads.start("b", this::napAndCount));
            Threads.require(count == 2, "count " + count);
        }
    }

    /** Two threads that sleep, one a little longer than the other. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound2"})
    public static class UnequalNaps implements Runnable {
        private volatile int count;

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> {
                TimeUnit.MILLISECONDS.sleep(10);
                count++;
            }), Threads.start("b", () -> {
                TimeUnit.MILLISECONDS.sleep(11);
                count++;
            }));
            Threads.require(count == 2, "count " + count);
        }
    }

    /** The thread that sleeps longer never wakes first. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound3"}, schedules = 5000)
    public static class TimeGoesForwards implements Runnable {
        private volatile long first;
        private volatile long second;

        @Override
        public void run() {
            Threads.join(Threads.start("a", () -> {
                TimeUnit.MILLISECONDS.sleep(10);
                first = System.nanoTime();
            }), Threads.start("b", () -> {
                TimeUnit.MILLISECONDS.sleep(500);
                second = System.nanoTime();
            }));
            Threads.require(first >= 10_000_000 && second >= 500_000_000, first + ", " + second);
        }
    }

    /** The clock goes on while other threads step. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"}, saying = "100 ms have passed")
    public static class TwoLooks implements Runnable {
        private volatile int work;

        long clock() {
            return System.nanoTime();
        }

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> work++);
            long before = clock();
            int seen = work;
            long after = clock();
            Threads.join(other);
            Threads.require(before == after, "time has passed, " + seen);
        }
    }

    /** The same in milliseconds. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"})
    public static class TwoLooksAtTheDate extends TwoLooks {
        @Override
        long clock() {
            return System.currentTimeMillis();
        }
    }

    /** A loop that polls with a timeout ends after the event that it polls for. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound2"})
    public static class Polling implements Runnable {
        private volatile boolean done;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> {
                TimeUnit.MILLISECONDS.sleep(30);
                done = true;
            });
            while (!done) {
                LockSupport.parkNanos(1_000_000);
            }
            Threads.join(other);
        }
    }

    /** Gives up its place in a queue, and misses that it has been served meanwhile. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound2"})
    public static class GivesUpTooLate implements Runnable {
        private final Object seat = new Object();
        private boolean served; // guarded by seat
        private boolean queued; // guarded by this
        private int left = 1; // guarded by this

        boolean wasServedBefore(boolean wasQueued) {
            return false;
        }

        private synchronized void serve() {
            if (queued) {
                queued = false;
                left--;
                synchronized (seat) {
                    served = true;
                    seat.notifyAll();
                }
            }
        }

        private boolean acquire() {
            synchronized (this) {
                queued = true;
            }
            synchronized (seat) {
                try {
                    if (!served) {
                        seat.wait(100);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                if (served) {
                    return true;
                }
            }
            synchronized (this) {
                boolean wasQueued = queued;
                queued = false;
                return wasServedBefore(wasQueued);
            }
        }

        @Override
        public void run() {
            Thread server = Threads.start("server", this::serve);
            boolean got = acquire();
            Threads.join(server);
            Threads.require(left == (got ? 0 : 1), "what was served is lost");
        }
    }

    /** Sees it. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound2"})
    public static class SeesThatItWasServed extends GivesUpTooLate {
        @Override
        boolean wasServedBefore(boolean wasQueued) {
            return !wasQueued;
        }
    }

    /** What is left of a long timeout when time has leapt is no short one. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound2"})
    public static class WaitsForWhatIsLeft implements Runnable {
        private boolean ready;

        private synchronized void serve() {
            ready = true;
            notifyAll();
        }

        private void acquire() throws InterruptedException {
            long end = System.nanoTime() + 1_000_000_000L;
            synchronized (this) { // a step, before which time may pass
                while (!ready) {
                    long left = (end - System.nanoTime()) / 1_000_000;
                    Threads.require(left > 0, "timed out");
                    wait(left);
                }
            }
        }

        @Override
        public void run() {
            Thread server = Threads.start("server", this::serve);
            Thread waiter = Threads.start("waiter", this::acquire);
            Threads.join(server, waiter);
        }
    }
}
