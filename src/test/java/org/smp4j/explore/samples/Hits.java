package org.smp4j.explore.samples;

/** Two threads count the same hit; a class is loaded in the first run only. */
public final class Hits implements Runnable {
    static int runs;
    private int hits;

    /** Loaded late. */
    static final class Later {
        static int made;

        private Later() {
        }
    }

    /** Nothing was hit yet. */
    public Hits() {
    }

    @Override
    public void run() {
        Thread other = new Thread(() -> hits++);
        other.start();
        hits++;
        try {
            other.join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        runs++;
        Later.made += runs;
        assert hits == 2 : "lost";
    }
}
