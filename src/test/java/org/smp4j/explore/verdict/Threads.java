package org.smp4j.explore.verdict;

/** Code that the programs share. */
public final class Threads {
    /** The action of a thread. */
    public interface Body {
        void run() throws Exception;
    }

    private Threads() {
    }

    /** Starts a thread. */
    public static Thread start(String name, Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }, name);
        thread.start();
        return thread;
    }

    /** Waits for the end of all threads. */
    public static void join(Thread... threads) {
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    public static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }
}
