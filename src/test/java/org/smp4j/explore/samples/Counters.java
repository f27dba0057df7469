package org.smp4j.explore.samples;

/** Two threads that count, for more or fewer steps. */
public abstract class Counters implements Runnable {
    private final int most;
    private volatile int count;

    Counters(int most) {
        this.most = most;
    }

    @Override
    public void run() {
        Thread other = new Thread(this::count);
        other.start();
        count();
    }

    private void count() {
        for (int i = 0; i < most; i++) {
            count++;
        }
    }

    /** A few steps. */
    public static class Few extends Counters {
        /** The program. */
        public Few() {
            super(10);
        }
    }

    /** Some hundred steps. */
    public static class Some extends Counters {
        /** The program. */
        public Some() {
            super(100);
        }
    }

    /** More than a thousand steps. */
    public static class Many extends Counters {
        /** The program. */
        public Many() {
            super(400);
        }
    }
}
