package org.smp4j.explore.protocol;

/** A thread reads a field again and again until another has set it, and does not say that it spins. */
public final class Spins implements Runnable {
    private volatile boolean set; // both threads; volatile

    /** For the explorer. */
    public Spins() {
    }

    @Override
    public void run() {
        Thread setter = new Thread(() -> set = true);
        Thread spinner = new Thread(() -> {
            while (!set) {
                // Nothing: another thread must run.
            }
        });
        setter.start();
        spinner.start();
    }
}
