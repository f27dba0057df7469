package org.smp4j.explore;

/** Watches from outside: a strand that blocks the thread that explores, or loops without a step, can't be stopped from within. */
final class Hang implements AutoCloseable {
    private static final long LIMIT_NANOS = 120_000_000_000L;
    private static final long LOOK_MILLIS = 1000;

    private final Thread thread;

    // Written by: who explores, once. Read by: the watchdog. Ordering: volatile.
    private volatile Execution x;

    // Written by: who explores, at the end. Read by: the watchdog. Ordering: volatile.
    private volatile boolean over;

    Hang(String what) {
        Thread explorer = Thread.currentThread();
        thread = new Thread(() -> watch(what, explorer), "explorer-watchdog");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to watch; not where strands have threads, since then somebody may look at them with a debugger. */
    void over(Execution execution) {
        if (execution.kind == Coroutine.Kind.CONTINUATION) {
            x = execution;
        }
    }

    private void watch(String what, Thread explorer) {
        long last = -1;
        long since = System.nanoTime();
        while (!over) {
            synchronized (this) {
                try {
                    wait(LOOK_MILLIS);
                } catch (InterruptedException e) {
                    return;
                }
            }
            Execution watched = x;
            long beat = watched == null ? 0 : watched.heartbeat;
            if (beat != last || watched == null) {
                last = beat;
                since = System.nanoTime();
            } else if (System.nanoTime() - since > LIMIT_NANOS && !over) {
                System.err.println("explorer: one schedule has not ended for " + LIMIT_NANOS / 1_000_000_000 + " s: a loop without a shared access, or a call that blocks for real. "
                        + what);
                for (StackTraceElement frame : explorer.getStackTrace()) {
                    System.err.println("    at " + frame);
                }
                Runtime.getRuntime().halt(3);
            }
        }
    }

    @Override
    public void close() {
        over = true;
        synchronized (this) {
            notifyAll();
        }
    }
}
