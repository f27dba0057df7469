package org.smp4j.explore.run;

import java.util.function.BooleanSupplier;

/**
 * Decides whether an exploration ends early: its time is over, or a caller asked for it. Checked between schedules, and
 * now and then during a long one.
 */
public final class Stop {
    private final BooleanSupplier asked;
    private final boolean limited;
    private final long end; // on System.nanoTime(), if it is limited

    // Written by: the thread that called the explorer, when it is interrupted. Read by: the exploring thread. Ordering:
    // volatile.
    private volatile boolean requested;

    /** Makes one that asks a caller, and ends after a time in nanoseconds. */
    public Stop(BooleanSupplier asked, long budgetNanos) {
        this.asked = asked;
        limited = budgetNanos != Long.MAX_VALUE;
        end = System.nanoTime() + (limited ? budgetNanos : 0);
    }

    /** {@return one that never ends an exploration} */
    public static Stop never() {
        return new Stop(() -> false, Long.MAX_VALUE);
    }

    /** {@return whether the end is decided already, without a new check} */
    public boolean requested() {
        return requested;
    }

    /** Asks for the end of the exploration. */
    public void request() {
        requested = true;
    }

    /** {@return whether to end now; once true it stays true} */
    public boolean now() {
        if (!requested && (limited && System.nanoTime() - end >= 0 || asked.getAsBoolean())) {
            requested = true;
        }
        return requested;
    }
}
