package org.smp4j.explore.run;

import java.util.function.BooleanSupplier;

/** When an exploration ends before it is done: its time is over, or it was asked to. Looked at between schedules, and now and then in one that takes long. */
public final class Stop {
    private final BooleanSupplier asked;
    private final boolean limited;
    private final long end; // on System.nanoTime(), if it is limited

    // Written by: the thread that called the explorer, when it is interrupted. Read by: the thread that explores. Ordering: volatile.
    private volatile boolean requested;

    public Stop(BooleanSupplier asked, long budgetNanos) {
        this.asked = asked;
        limited = budgetNanos != Long.MAX_VALUE;
        end = System.nanoTime() + (limited ? budgetNanos : 0);
    }

    /** {@return one that is never asked for} */
    public static Stop never() {
        return new Stop(() -> false, Long.MAX_VALUE);
    }

    /** {@return whether that is known already} */
    public boolean requested() {
        return requested;
    }

    public void request() {
        requested = true;
    }

    /** {@return whether to end now; once it is so it stays so} */
    public boolean now() {
        if (!requested && (limited && System.nanoTime() - end >= 0 || asked.getAsBoolean())) {
            requested = true;
        }
        return requested;
    }
}
