package org.smp4j.explore.juc;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

/** Conditions of locks, waits for locks that end early, and questions about locks. */
final class Conditions {
    private Conditions() {
    }

    /** One place; two threads take from it what one puts there, each time with a signal. */
    private abstract static class Place implements Runnable {
        final ReentrantLock lock = new ReentrantLock();
        final Condition full = lock.newCondition();
        private int here;

        @Override
        public final void run() {
            Threads.join(Threads.start("a", this::take), Threads.start("b", this::take),
                    Threads.start("c", this::put), Threads.start("d", this::put));
        }

        private void put() {
            lock.lock();
            try {
                here++;
                full.signal();
            } finally {
                lock.unlock();
            }
        }

        private void take() throws InterruptedException {
            lock.lock();
            try {
                waits();
                if (--here < 0) {
                    throw new AssertionError("nothing was here");
                }
            } finally {
                lock.unlock();
            }
        }

        final boolean isEmpty() {
            return here == 0;
        }

        abstract void waits() throws InterruptedException;
    }

    /** Looks only once whether there is something: another thread may come before it. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "bound2"}, schedules = 3000, saying = "nothing was here")
    public static class WaitsOnce extends Place {
        @Override
        void waits() throws InterruptedException {
            if (isEmpty()) {
                full.await();
            }
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class WaitsInALoop extends Place {
        @Override
        void waits() throws InterruptedException {
            while (isEmpty()) {
                full.await();
            }
        }
    }

    /** The same condition for two reasons, and a signal that wakes only one: the wrong one may get it. */
    private abstract static class TwoReasons implements Runnable {
        private final Lock lock = new ReentrantLock();
        private final Condition changed = lock.newCondition();
        private int state;

        @Override
        public final void run() {
            Threads.join(Threads.start("one", () -> await(1)), Threads.start("two", () -> await(2)),
                    Threads.start("sets", () -> {
                        set(2);
                        set(1);
                    }));
        }

        private void set(int to) {
            lock.lock();
            try {
                state |= to;
                signal(changed);
            } finally {
                lock.unlock();
            }
        }

        private void await(int bit) {
            lock.lock();
            try {
                while ((state & bit) == 0) {
                    changed.awaitUninterruptibly();
                }
            } finally {
                lock.unlock();
            }
        }

        abstract void signal(Condition condition);
    }

    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 3000)
    public static class SignalsOne extends TwoReasons {
        @Override
        void signal(Condition condition) {
            condition.signal();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class SignalsAll extends TwoReasons {
        @Override
        void signal(Condition condition) {
            condition.signalAll();
        }
    }

    /** The time of the wait may be over although the other thread was about to signal. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class WaitEndsEarly extends Parts.Pair {
        final ReentrantLock lock = new ReentrantLock();
        final Condition changed = lock.newCondition();

        @Override
        void body(int number) throws InterruptedException {
            lock.lock();
            try {
                if (number == 0) {
                    count = 2;
                    changed.signalAll();
                } else if (count == 0) {
                    Threads.require(changed.await(1, TimeUnit.MILLISECONDS), "the time is over");
                }
            } finally {
                lock.unlock();
            }
        }
    }

    /** A signal without the lock. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 10, saying = "IllegalMonitorStateException")
    public static class SignalsWithoutLock extends Parts.Single {
        @Override
        void body() {
            new ReentrantLock().newCondition().signal();
        }
    }

    /** Goes on without the lock when the time is over. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class IgnoresTryLock extends Parts.Pair {
        final ReentrantLock lock = new ReentrantLock();

        @Override
        void body(int number) throws InterruptedException {
            boolean locked = lock.tryLock(1, TimeUnit.MILLISECONDS);
            count++;
            if (locked) {
                lock.unlock();
            }
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class TriesAgain extends Parts.Pair {
        final ReentrantLock lock = new ReentrantLock();

        @Override
        void body(int number) throws InterruptedException {
            while (!lock.tryLock(1, TimeUnit.MILLISECONDS)) {
                Thread.yield();
            }
            count++;
            lock.unlock();
        }
    }

    /** A thread that holds a lock waits for one that wants the lock, which only an interrupt ends. */
    private abstract static class Interruptible extends Parts.Single {
        private final ReentrantLock lock = new ReentrantLock();

        @Override
        final void body() {
            lock.lock();
            Thread other = Threads.start("other", () -> {
                try {
                    want(lock);
                    lock.unlock();
                } catch (InterruptedException e) {
                    count++;
                }
            });
            other.interrupt();
            Threads.join(other);
            Threads.require(count == 1, "it has the lock");
        }

        abstract void want(Lock wanted) throws InterruptedException;
    }

    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 300)
    public static class NotInterruptible extends Interruptible {
        @Override
        void want(Lock wanted) {
            wanted.lock();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class LockInterruptibly extends Interruptible {
        @Override
        void want(Lock wanted) throws InterruptedException {
            wanted.lockInterruptibly();
        }
    }

    /** A lock is handed to a thread that came later. */
    private abstract static class Queue implements Runnable {
        private final ReentrantLock lock;
        private volatile int order;

        Queue(boolean fair) {
            lock = new ReentrantLock(fair);
        }

        @Override
        public final void run() {
            lock.lock();
            Thread first = Threads.start("first", () -> take(1));
            while (!lock.hasQueuedThread(first)) {
                Thread.yield();
            }
            Threads.require(lock.getQueueLength() == 1 && lock.hasQueuedThreads() && lock.getHoldCount() == 1
                    && lock.isLocked() && lock.isHeldByCurrentThread(), "the lock says something else");
            Thread second = Threads.start("second", () -> take(2));
            lock.unlock();
            Threads.join(first, second);
            Threads.require(order == 12, "the order is " + order);
        }

        private void take(int number) {
            lock.lock();
            order = order * 10 + number;
            lock.unlock();
        }
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 2000, saying = "the order is 21")
    public static class Unfair extends Queue {
        public Unfair() {
            super(false);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class Fair extends Queue {
        public Fair() {
            super(true);
        }
    }

    private abstract static class OfWriteLock extends Parts.Pair {
        private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
        private final Condition changed = lock.writeLock().newCondition();
        private final boolean looks;

        OfWriteLock(boolean looks) {
            this.looks = looks;
        }

        @Override
        final void body(int number) throws InterruptedException {
            lock.writeLock().lock();
            if (number == 0) {
                count = 2;
                changed.signal();
            } else if (!looks || count == 0) {
                changed.await();
            }
            lock.writeLock().unlock();
        }
    }

    /** Waits for a signal that may have been. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 1000)
    public static class WriterWaitsAnyway extends OfWriteLock {
        public WriterWaitsAnyway() {
            super(false);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class WriterWaits extends OfWriteLock {
        public WriterWaits() {
            super(true);
        }
    }

    /** Writes whether or not it got the lock in time. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class IgnoresStamp extends Parts.Pair {
        final StampedLock lock = new StampedLock();

        @Override
        void body(int number) throws InterruptedException {
            long stamp = lock.tryWriteLock(1, TimeUnit.MILLISECONDS);
            count++;
            if (stamp != 0) {
                lock.unlock(stamp);
            }
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class MindsStamp extends Parts.Pair {
        final StampedLock lock = new StampedLock();

        @Override
        void body(int number) throws InterruptedException {
            long stamp = lock.tryReadLock(1, TimeUnit.MILLISECONDS);
            if (stamp != 0) {
                long converted = lock.tryConvertToWriteLock(stamp);
                lock.unlock(converted == 0 ? stamp : converted);
            }
            stamp = lock.writeLockInterruptibly();
            count++;
            lock.unlockWrite(stamp);
        }
    }
}
