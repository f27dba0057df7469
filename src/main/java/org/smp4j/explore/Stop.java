package org.smp4j.explore;

/** When an exploration ends before it is done: its time is over, or it was asked to. Looked at between schedules, and now and then in one that takes long. */
final class Stop {
    private final Explorer.Progress progress;
    private final boolean limited;
    private final long end; // on System.nanoTime(), if it is limited

    // Written by: the thread that called the explorer, when it is interrupted. Read by: the thread that explores. Ordering: volatile.
    private volatile boolean requested;

    Stop(Explorer.Progress progress, long budgetNanos) {
        this.progress = progress;
        limited = budgetNanos != Long.MAX_VALUE;
        end = System.nanoTime() + (limited ? budgetNanos : 0);
    }

    /** {@return one that is never asked for} */
    static Stop never() {
        return new Stop(Explorer.Progress.NONE, Long.MAX_VALUE);
    }

    /** {@return whether that is known already} */
    boolean requested() {
        return requested;
    }

    void request() {
        requested = true;
    }

    /** {@return whether to end now; once it is so it stays so} */
    boolean now() {
        if (!requested && (limited && System.nanoTime() - end >= 0 || progress.stopped())) {
            requested = true;
        }
        return requested;
    }
}
