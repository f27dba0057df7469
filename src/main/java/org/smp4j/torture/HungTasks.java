package org.smp4j.torture;

import java.util.Arrays;

/** Detects workers without progress; after {@code check_hung_task} of {@code kernel/hung_task.c}. */
final class HungTasks {
    private static final long PERIOD = 500_000_000L;

    private final ScfRun run;
    private final int seconds;
    private final long patience;
    private final long[] operations;
    private final long[] since;
    private long next = System.nanoTime();

    HungTasks(ScfRun run) {
        this.run = run;
        seconds = run.config.get(TortureParam.HUNG_TASK_TIMEOUT_SECS);
        patience = (seconds + run.config.get(TortureParam.HOLDOFF)) * 1_000_000_000L;
        operations = new long[run.counters.length];
        since = new long[run.counters.length];
        Arrays.fill(since, next);
    }

    /** {@return a line about a hung worker, or null} */
    String check(long now) {
        if (now - next < 0) {
            return null;
        }
        next = now + PERIOD;
        for (int worker = 0; worker < operations.length; worker++) {
            long done = run.counters[worker].operations();
            if (done != operations[worker]) {
                operations[worker] = done;
                since[worker] = now;
            } else if (now - since[worker] > patience) {
                return "INFO: task scftorture_invoker/" + worker + " blocked for more than " + seconds + " seconds.";
            }
        }
        return null;
    }
}
