package org.smp4j.torture;

import org.smp4j.sched.Timers;

/** Lets the workers run and pause by turns; after {@code torture_stutter} of {@code kernel/torture.c}. */
final class TortureStutter {
    private final ScfRun run;
    private final int jiffies;

    // Written by: the stutter task. Read by: workers. Ordering: volatile; only the time matters.
    private volatile long pauseUntil = System.nanoTime();

    TortureStutter(ScfRun run) {
        this.run = run;
        this.jiffies = run.config.get(TortureParam.STUTTER);
    }

    boolean enabled() {
        return jiffies > 0;
    }

    /** The body of the stutter task. */
    void run() {
        while (!run.mustStop()) {
            if (jiffies > 1) {
                pauseUntil = System.nanoTime() + jiffies * Timers.JIFFY;
                run.sleep((jiffies - 1) * Timers.JIFFY);
            }
            run.sleep(jiffies * Timers.JIFFY);
        }
        pauseUntil = System.nanoTime();
    }

    /** Pauses if it is time to pause; after {@code stutter_wait}. Context: a worker, may sleep. */
    void stutterWait() {
        if (jiffies > 0) {
            long left = pauseUntil - System.nanoTime();
            if (left > 0) {
                run.sleep(left);
            }
        }
    }
}
