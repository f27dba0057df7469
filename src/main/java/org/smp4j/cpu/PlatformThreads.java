package org.smp4j.cpu;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads of the JVM, registered while they live, so that closing a machine can end each of them. No kernel
 * counterpart.
 */
public final class PlatformThreads implements ThreadSource {
    private final Set<Thread> alive = ConcurrentHashMap.newKeySet();

    /** A source without threads yet. */
    public PlatformThreads() {
    }

    @Override
    public SeatThread newThread(String name, Sitter sitter, Runnable body) {
        SeatThread thread = new SeatThread(name, sitter, body);
        alive.add(thread);
        return thread;
    }

    @Override
    public void ended(Thread thread) {
        alive.remove(thread);
    }

    @Override
    public Set<Thread> threads() {
        return Set.copyOf(alive);
    }

    @Override
    public boolean join(long millis) throws InterruptedException {
        long deadline = System.nanoTime() + millis * 1_000_000;
        while (!alive.isEmpty()) {
            for (Thread thread : alive) {
                LockSupport.unpark(thread);
            }
            for (Thread thread : alive) {
                if (thread != Thread.currentThread()) {
                    thread.join(1);
                }
            }
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
        }
        return true;
    }
}
