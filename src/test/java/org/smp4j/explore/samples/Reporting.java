package org.smp4j.explore.samples;

/** Two threads report to an observer, which counts. */
public final class Reporting implements Runnable {
    /** Its own accesses are no steps, so that no other thread comes between them. */
    private static final class Observer {
        private volatile int seen;

        void seen() {
            seen = seen + 1;
        }
    }

    private volatile int reports;

    @Override
    public void run() {
        Observer observer = new Observer();
        Runnable report = () -> {
            observer.seen();
            reports++;
        };
        Thread other = new Thread(report);
        other.start();
        report.run();
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (observer.seen != 2) {
            throw new AssertionError("the observer saw " + observer.seen);
        }
    }
}
