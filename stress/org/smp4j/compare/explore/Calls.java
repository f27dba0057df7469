package org.smp4j.compare.explore;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;

/** Correct programs of calls of the JDK, to measure how many schedules of each the explorer makes in a second. */
public final class Calls {
    private Calls() {
    }

    private static void together(int count, Runnable body) {
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            threads[i] = new Thread(body);
            threads[i].start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Three threads lock and unlock three times each. */
    public static final class Locks implements Runnable {
        private final ReentrantLock lock = new ReentrantLock();
        private int count;

        @Override
        public void run() {
            together(3, () -> {
                for (int i = 0; i < 3; i++) {
                    lock.lock();
                    count++;
                    lock.unlock();
                }
            });
            assert count == 9;
        }
    }

    /** Two threads merge into one key three times each. */
    public static final class Merges implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();

        @Override
        public void run() {
            together(2, () -> {
                for (int i = 0; i < 3; i++) {
                    map.merge("key", 1, Integer::sum);
                }
            });
            assert map.get("key") == 6;
        }
    }

    /** A pool of two threads runs two tasks and is shut down. */
    public static final class Pool implements Runnable {
        @Override
        public void run() {
            AtomicInteger count = new AtomicInteger();
            ExecutorService pool = Executors.newFixedThreadPool(2);
            pool.execute(count::incrementAndGet);
            pool.execute(count::incrementAndGet);
            pool.shutdown();
            try {
                assert pool.awaitTermination(1, TimeUnit.DAYS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            assert count.get() == 2;
        }
    }
}
