package org.smp4j.explore.juc;

import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Verdict;

final class Locks {
    private Locks() {
    }

    /** A reader writes. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class WritesUnderReadLock extends Parts.Pair {
        final ReadWriteLock lock = new ReentrantReadWriteLock();

        @Override
        void body(int number) {
            lock.readLock().lock();
            try {
                count++;
            } finally {
                lock.readLock().unlock();
            }
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class WriteLock extends Parts.Pair {
        final ReadWriteLock lock = new ReentrantReadWriteLock();

        @Override
        void body(int number) {
            lock.writeLock().lock();
            try {
                count++;
            } finally {
                lock.writeLock().unlock();
            }
        }
    }

    /** Two readers want to write. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500)
    public static class Upgrade extends Parts.Pair {
        final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();

        @Override
        void body(int number) {
            lock.readLock().lock();
            lock.writeLock().lock();
        }
    }

    /** An optimistic read is not validated. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class NotValidated extends Parts.Pair {
        final StampedLock lock = new StampedLock();
        volatile int low;
        volatile int high;

        @Override
        void body(int number) {
            if (number == 0) {
                long stamp = lock.writeLock();
                low = 1;
                high = 1;
                lock.unlockWrite(stamp);
            } else {
                lock.tryOptimisticRead();
                if (low != high) {
                    throw new AssertionError("torn");
                }
            }
        }

        @Override
        void after() {
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Validated extends Parts.Pair {
        final StampedLock lock = new StampedLock();
        volatile int low;
        volatile int high;

        @Override
        void body(int number) {
            if (number == 0) {
                long stamp = lock.writeLock();
                low = 1;
                high = 1;
                lock.unlockWrite(stamp);
                return;
            }
            long stamp = lock.tryOptimisticRead();
            int first = low;
            int second = high;
            if (!lock.validate(stamp)) {
                stamp = lock.readLock();
                first = low;
                second = high;
                lock.unlockRead(stamp);
            }
            if (first != second) {
                throw new AssertionError("torn");
            }
        }

        @Override
        void after() {
        }
    }

    /** A lock of the program's own on the JDK's queue; it forgets to compare before it sets. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class OwnLockThatSets extends Parts.Pair {
        final Own lock = new Own(false);

        @Override
        void body(int number) {
            lock.acquire(1);
            count++;
            lock.release(1);
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class OwnLock extends Parts.Pair {
        final Own lock = new Own(true);

        @Override
        void body(int number) {
            lock.acquire(1);
            count++;
            lock.release(1);
        }
    }

    private static final class Own extends AbstractQueuedSynchronizer {
        private static final long serialVersionUID = 1;
        private final boolean compares;

        Own(boolean compares) {
            this.compares = compares;
        }

        @Override
        protected boolean tryAcquire(int ignored) {
            if (compares) {
                return compareAndSetState(0, 1);
            }
            if (getState() != 0) {
                return false;
            }
            setState(1);
            return true;
        }

        @Override
        protected boolean tryRelease(int ignored) {
            setState(0);
            return true;
        }
    }
}
