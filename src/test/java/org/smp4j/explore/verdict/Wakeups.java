package org.smp4j.explore.verdict;

import static org.smp4j.explore.model.Timeouts.ANY;
import static org.smp4j.explore.model.Timeouts.NEVER;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Which timeouts fire early, and wake-ups without a cause. */
final class Wakeups {
    private static final String NONE = "no wake-up is spurious";

    private Wakeups() {
    }

    /** No timeout fires early, and the claim says so. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor", "bound2"}, timeouts = NEVER)
    public static class NeverTooShort extends Timeouts.WaitTooShort {
    }

    /** The claim of a search names that no timeout fires early. */
    @Gives(value = Verdict.PASS, by = "bound2", timeouts = NEVER,
            saying = "timeouts fire, and time passes, only where no thread can go on")
    public static class NeverTooShortBounded extends Timeouts.WaitTooShort {
    }

    /** Nor does time pass between two reads of the clock. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound1"}, timeouts = NEVER)
    public static class NoTimePasses extends Timeouts.TwoLooks {
    }

    /** Even a minute is too short. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"}, timeouts = ANY, saying = "the timeout of main fires")
    public static class LongIsTooShort extends Timeouts.LongNap {
    }

    /** A loop that waits with a timeout of a day ends all the same. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound2"}, timeouts = ANY)
    public static class PollsByTheDay implements Runnable {
        private boolean done; // guarded by this

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
                        TimeUnit.DAYS.timedWait(this, 1);
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            Threads.join(other);
        }
    }

    /** Waits a day for the clock. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"}, timeouts = ANY, saying = "two days have passed")
    public static class DayIsOver implements Runnable {
        private volatile boolean done;

        @Override
        public void run() {
            Thread other = Threads.start("other", () -> done = true);
            long end = System.nanoTime() + TimeUnit.DAYS.toNanos(1);
            while (!done && System.nanoTime() < end) {
                Thread.onSpinWait();
            }
            Threads.require(done, "too late");
            Threads.join(other);
        }
    }

    /** Takes the end of a wait for the signal. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "random", "pct", "pos", "surw", "starvation", "delay1",
            "bound1"}, spurious = true, saying = "main wakes up without a cause")
    public static class WaitsOnce implements Runnable {
        private boolean done; // guarded by this

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
                        wait();
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                Threads.require(done, "not yet");
            }
            Threads.join(other);
        }
    }

    /** By default a search names what it does not try. */
    @Gives(value = Verdict.PASS, by = {"dpor", "bound2"}, saying = NONE)
    public static class WaitsOnceByDefault extends WaitsOnce {
    }

    /** A partial-order reduction does not try it. */
    @Gives(value = Verdict.PASS, by = "dpor", spurious = true, saying = NONE)
    public static class WaitsAgainReduced extends Timeouts.WaitAgain {
    }

    /** Waits in a loop. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound3"}, spurious = true)
    public static class WaitsAgain extends Timeouts.WaitAgain {
    }

    /** Takes the end of being parked for a permit. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"}, spurious = true)
    public static class ParksOnce implements Runnable {
        private volatile boolean done;

        boolean isOver() {
            return true;
        }

        @Override
        public void run() {
            Thread main = Thread.currentThread();
            Thread other = Threads.start("other", () -> {
                done = true;
                LockSupport.unpark(main);
            });
            do {
                LockSupport.park();
            } while (!done && !isOver());
            Threads.require(done, "not yet");
            Threads.join(other);
        }
    }

    /** Parks in a loop. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound3"}, spurious = true)
    public static class ParksAgain extends ParksOnce {
        @Override
        boolean isOver() {
            return false;
        }
    }

    /** No wake-up without a cause replaces one that is missing. */
    @Gives(value = Verdict.DEADLOCK, by = {"portfolio", "bound2"}, spurious = true)
    public static class NeverSignalled implements Runnable {
        @Override
        public void run() {
            Thread other = Threads.start("other", () -> {
                for (;;) {
                    LockSupport.park();
                }
            });
            Threads.join(other);
        }
    }

    /** Parks up to a time of day. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound1"})
    public static class ParkedUntil extends Timeouts.Nap {
        @Override
        void rest() {
            LockSupport.parkUntil(this, System.currentTimeMillis() + 50);
        }
    }

    /** A time that is over does not park. */
    @Gives(Verdict.PASS)
    public static class ParkedUntilNow implements Runnable {
        @Override
        public void run() {
            Thread other = Threads.start("other", () -> LockSupport.parkUntil(System.currentTimeMillis() - 1));
            LockSupport.parkUntil(1);
            Threads.join(other);
        }
    }
}
