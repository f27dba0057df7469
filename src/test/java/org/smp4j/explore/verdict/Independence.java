package org.smp4j.explore.verdict;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/** The order of two operations of different kinds makes a difference: no search may treat them as independent. */
public final class Independence {
    private Independence() {
    }

    private static Thread started(Runnable body) {
        Thread thread = new Thread(body);
        thread.start();
        return thread;
    }

    private static void join(Thread... threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A thread's state is read before its start. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor", "sleep-sets", "bound2"})
    public static final class AliveAndStart implements Runnable {
        private volatile boolean ran;
        private volatile int other;

        @Override
        public void run() {
            Thread late = new Thread(() -> ran = true);
            Thread watcher = started(() -> {
                for (int i = 0; i < 5; i++) {
                    other++;
                }
                if (!late.isAlive() && !ran) {
                    throw new IllegalStateException("neither begun nor ended");
                }
            });
            late.start();
            join(late, watcher);
        }
    }

    /** A thread is joined before its start. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor", "sleep-sets", "bound2"})
    public static final class JoinAndStart implements Runnable {
        private volatile boolean ran;

        @Override
        public void run() {
            Thread late = new Thread(() -> ran = true);
            Thread joiner = started(() -> {
                join(late);
                if (!ran) {
                    throw new IllegalStateException("not begun");
                }
            });
            late.start();
            join(late, joiner);
        }
    }

    /** An interrupt comes after the end of a sleep, or before it. */
    @Gives(value = Verdict.FAILURE, by = {"dpor", "sleep-sets", "bound2"})
    public static final class InterruptAndSleep implements Runnable {
        @Override
        public void run() {
            Thread sleeper = started(() -> {
                try {
                    TimeUnit.MILLISECONDS.sleep(1);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            sleeper.interrupt();
            join(sleeper);
        }
    }

    /** A thread tries a lock that is held, while another waits for it. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor", "sleep-sets", "bound2"}, schedules = 10_000)
    public static final class TryAndUnlock implements Runnable {
        private final ReentrantLock lock = new ReentrantLock();
        private int count;

        private void add() {
            lock.lock();
            count++;
            lock.unlock();
        }

        @Override
        public void run() {
            Thread one = started(this::add);
            Thread two = started(this::add);
            Thread tries = started(() -> {
                if (!lock.tryLock()) {
                    throw new IllegalStateException("held");
                }
                lock.unlock();
            });
            join(one, two, tries);
        }
    }

    /** A daemon fails before the run is over, or would after that. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor", "sleep-sets", "bound2"})
    public static final class DaemonAndEnd implements Runnable {
        private volatile int own;

        @Override
        public void run() {
            Thread daemon = new Thread(() -> {
                own = 1;
                throw new IllegalStateException("fails");
            });
            daemon.setDaemon(true);
            daemon.start();
        }
    }
}
