package org.smp4j.explore.samples;

import java.util.concurrent.atomic.AtomicInteger;

/** Threads that catch whatever an access throws. */
public final class CatchesAll implements Runnable {
    private final AtomicInteger count = new AtomicInteger();

    private void work() {
        for (int i = 0; i < 4; i++) {
            try {
                count.incrementAndGet();
            } catch (Throwable e) {
                count.set(0);
            }
        }
    }

    @Override
    public void run() {
        Thread[] threads = {new Thread(this::work), new Thread(this::work), new Thread(this::work)};
        for (Thread thread : threads) {
            thread.start();
        }
        work();
    }
}
