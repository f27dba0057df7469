package org.smp4j.explore.samples;

import java.util.concurrent.locks.ReentrantLock;

/** Two threads take a monitor and a lock in opposite orders. */
public final class TwoLocks implements Runnable {
    private final Object monitor = new Object();
    private final ReentrantLock lock = new ReentrantLock();
    private int balance;

    @Override
    public void run() {
        new Thread(() -> {
            synchronized (monitor) {
                lock.lock();
                balance++;
                lock.unlock();
            }
        }, "a").start();
        new Thread(() -> {
            lock.lock();
            synchronized (monitor) {
                balance--;
            }
            lock.unlock();
        }, "b").start();
    }
}
