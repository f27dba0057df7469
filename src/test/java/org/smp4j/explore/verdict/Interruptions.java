package org.smp4j.explore.verdict;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Interrupts of threads: before, during and after the operation that they end. */
final class Interruptions {
    private Interruptions() {
    }

    /** An operation that an interrupt may end. */
    private interface Interruptible {
        void run() throws InterruptedException;
    }

    /** A thread that waits in some way, and the interrupt that ends the wait whenever it comes. */
    private static void interruptedWhileIn(Interruptible wait) {
        boolean[] seen = new boolean[1];
        Thread thread = Threads.start("waits", () -> {
            try {
                wait.run();
            } catch (InterruptedException e) {
                seen[0] = !Thread.currentThread().isInterrupted();
            }
        });
        thread.interrupt();
        Threads.join(thread);
        Threads.require(seen[0], "it was not interrupted, or is still");
    }

    /** In a wait for a signal. */
    @Gives(Verdict.PASS)
    public static class InWait implements Runnable {
        @Override
        public void run() {
            interruptedWhileIn(() -> {
                synchronized (this) {
                    wait();
                }
            });
        }
    }

    /** In a wait with the longest timeout. */
    @Gives(Verdict.PASS)
    public static class InTimedWait implements Runnable {
        @Override
        public void run() {
            interruptedWhileIn(() -> {
                synchronized (this) {
                    wait(Long.MAX_VALUE);
                }
            });
        }
    }

    /** In a sleep. */
    @Gives(Verdict.PASS)
    public static class InSleep implements Runnable {
        @Override
        public void run() {
            interruptedWhileIn(() -> TimeUnit.SECONDS.sleep(2));
        }
    }

    /** In a join of a thread that does not end. */
    @Gives(Verdict.PASS)
    public static class InJoin implements Runnable {
        @Override
        public void run() {
            Thread endless = new Thread(() -> {
                while (true) {
                    LockSupport.park();
                }
            });
            endless.setDaemon(true);
            endless.start();
            interruptedWhileIn(endless::join);
        }
    }

    /** A thread that joins a thread which has ended does not see its own interrupt there. */
    @Gives(Verdict.PASS)
    public static class JoinOfEnded implements Runnable {
        @Override
        public void run() {
            Threads.start("aside", () -> { });
            Thread ended = Threads.start("ended", () -> { });
            Threads.join(ended);
            Thread.currentThread().interrupt();
            Threads.join(ended, new Thread("never started"));
            Threads.require(Thread.interrupted() && !Thread.interrupted(), "the interrupt is lost");
        }
    }

    /** The park ends at once, and so does each later one. */
    @Gives(Verdict.PASS)
    public static class InPark implements Runnable {
        @Override
        public void run() {
            Thread thread = Threads.start("parks", () -> {
                LockSupport.park();
                LockSupport.park();
                Threads.require(Thread.currentThread().isInterrupted(), "not interrupted");
            });
            thread.interrupt();
            Threads.join(thread);
        }
    }

    /** An interrupt before the start is kept. */
    @Gives(Verdict.PASS)
    public static class BeforeStart implements Runnable {
        private volatile boolean seen;

        @Override
        public void run() {
            Threads.start("aside", () -> { });
            Thread thread = new Thread(() -> seen = Thread.currentThread().isInterrupted());
            Threads.require(!thread.isInterrupted(), "not yet");
            thread.interrupt();
            Threads.require(thread.isInterrupted(), "it is");
            thread.start();
            Threads.join(thread);
            Threads.require(seen, "the interrupt is lost");
        }
    }

    /** An interrupt that may come before the start or after it. */
    @Gives(Verdict.PASS)
    public static class AroundStart implements Runnable {
        private volatile boolean seen;

        @Override
        public void run() {
            Thread thread = new Thread(() -> {
                try {
                    synchronized (this) {
                        wait();
                    }
                } catch (InterruptedException e) {
                    seen = true;
                }
            });
            Thread other = Threads.start("interrupts", thread::interrupt);
            thread.start();
            Threads.join(other, thread);
            Threads.require(seen, "the interrupt is lost");
        }
    }

    /**
     * Of two waiters one is signalled and one interrupted: both go on, even if the signal and the interrupt first reach
     * the same one.
     */
    @Gives(Verdict.PASS)
    public static class BesideSignal implements Runnable {
        private boolean due;
        private int served;

        private void serve() {
            synchronized (this) {
                try {
                    while (!due) {
                        wait();
                    }
                } catch (InterruptedException e) {
                    return;
                }
                due = false;
                served++;
            }
        }

        @Override
        public void run() {
            Thread one = Threads.start("one", this::serve);
            Thread two = Threads.start("two", this::serve);
            synchronized (this) {
                due = true;
                notify();
            }
            one.interrupt();
            Threads.join(one);
            two.interrupt();
            Threads.join(two);
            Threads.require(served <= 1, "served " + served);
        }
    }

    /** A thread that has the lock finds the interrupt at the waiting thread, or what that made of it. */
    private abstract static class Found implements Runnable {
        private boolean seen; // guarded by the lock

        abstract void locked(Runnable body);

        abstract void waits() throws InterruptedException;

        private void untilInterrupted() {
            while (!seen) {
                try {
                    waits();
                } catch (InterruptedException e) {
                    seen = true;
                }
            }
        }

        @Override
        public void run() {
            Thread thread = Threads.start("waits", () -> locked(this::untilInterrupted));
            thread.interrupt();
            locked(() -> Threads.require(thread.isInterrupted() || seen, "the interrupt is nowhere"));
            Threads.join(thread);
        }
    }

    /** A wait on a monitor clears the interrupt only when it has the monitor again. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor", "bound2"})
    public static class ClearedUnderMonitor extends Found {
        @Override
        synchronized void locked(Runnable body) {
            body.run();
        }

        @Override
        void waits() throws InterruptedException {
            wait();
        }
    }

    /** A wait on a condition clears the interrupt before it asks for the lock again, and throws when it has it. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor", "bound2"}, saying = "the interrupt is nowhere")
    public static class ClearedBeforeLock extends Found {
        private final Lock lock = new ReentrantLock();
        private final Condition never = lock.newCondition();

        @Override
        void locked(Runnable body) {
            lock.lock();
            try {
                body.run();
            } finally {
                lock.unlock();
            }
        }

        @Override
        void waits() throws InterruptedException {
            never.await();
        }
    }

    /** Writes before an interrupt happen before the thread sees the interrupt. */
    @Gives(Verdict.NO_RACE)
    public static class HandsOver implements Runnable {
        private int data;

        @Override
        public void run() {
            Thread thread = Threads.start("sees", () -> {
                if (Thread.currentThread().isInterrupted()) {
                    Threads.require(data == 1, "data");
                }
            });
            Threads.join(thread, Threads.start("interrupts", () -> {
                data = 1;
                thread.interrupt();
            }));
        }
    }

    /** The same by the exception. */
    @Gives(Verdict.NO_RACE)
    public static class HandsOverByException implements Runnable {
        private int data;

        @Override
        public void run() {
            Thread thread = Threads.start("sees", () -> {
                try {
                    synchronized (this) {
                        wait();
                    }
                } catch (InterruptedException e) {
                    Threads.require(data == 1, "data");
                }
            });
            data = 1;
            thread.interrupt();
            Threads.join(thread);
        }
    }

    /** A thread that does not check for the interrupt is not ordered after it. */
    @Gives(Verdict.RACE)
    public static class HandsNothingOver implements Runnable {
        private int data;

        @Override
        public void run() {
            Thread thread = Threads.start("sees", () -> data++);
            data++;
            thread.interrupt();
            Threads.join(thread);
        }
    }
}
