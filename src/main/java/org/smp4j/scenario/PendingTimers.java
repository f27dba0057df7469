package org.smp4j.scenario;

import java.lang.invoke.VarHandle;
import java.util.PriorityQueue;
import org.smp4j.scenario.oracle.Fields;
import org.smp4j.sched.Timers;

/** The timers of a machine that are pending, seen from outside. */
final class PendingTimers {
    /** No timer is pending. */
    static final long NONE = Long.MAX_VALUE;

    private static final String BASE = "org.smp4j.sched.Timers$Base";
    private static final VarHandle BASES = Fields.field(Timers.class.getName(), "bases");
    private static final VarHandle TIMERS = Fields.field(BASE, "timers");
    private static final VarHandle TICK_ARMED = Fields.field(BASE, "tickArmed");
    private static final VarHandle TICK_AT = Fields.field(BASE, "tickAt");
    private static final VarHandle DEADLINE = Fields.field("org.smp4j.sched.Timers$Timer", "deadline");

    private PendingTimers() {
    }

    /**
     * How long it is until the next one fires. Context: nothing else happens.
     *
     * @param timers the machine's
     * @param ticks whether a tick is one, for what waits for that
     * @return nanoseconds, not above 0 if it is due; {@link #NONE} if there is none
     */
    static long untilNext(Timers timers, boolean ticks) {
        long now = System.nanoTime();
        long least = NONE;
        for (Object base : (Object[]) BASES.get(timers)) {
            Object first = ((PriorityQueue<?>) TIMERS.get(base)).peek();
            if (first != null) {
                least = Math.min(least, (long) DEADLINE.get(first) - now);
            }
            if (ticks && (boolean) TICK_ARMED.get(base)) {
                least = Math.min(least, (long) TICK_AT.get(base) - now);
            }
        }
        return least;
    }
}
