package org.smp4j.scenario;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.PriorityQueue;
import org.smp4j.sched.Timers;

/** The timers of a machine that are pending, seen from outside. A tick is none of them: it comes for those that run or wait for it, and all tasks have ended. */
final class PendingTimers {
    /** No timer is pending. */
    static final long NONE = Long.MAX_VALUE;

    private static final String BASE = "org.smp4j.sched.Timers$Base";
    private static final VarHandle BASES = field(Timers.class.getName(), "bases");
    private static final VarHandle TIMERS = field(BASE, "timers");
    private static final VarHandle DEADLINE = field("org.smp4j.sched.Timers$Timer", "deadline");

    private PendingTimers() {
    }

    private static VarHandle field(String owner, String name) {
        try {
            Class<?> type = Class.forName(owner);
            return MethodHandles.privateLookupIn(type, MethodHandles.lookup()).unreflectVarHandle(type.getDeclaredField(name));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * How long it is until the next one fires. Context: nothing else happens.
     *
     * @param timers the machine's
     * @return nanoseconds, not above 0 if it is due; {@link #NONE} if there is none
     */
    static long untilNext(Timers timers) {
        long now = System.nanoTime();
        long least = NONE;
        for (Object base : (Object[]) BASES.get(timers)) {
            Object first = ((PriorityQueue<?>) TIMERS.get(base)).peek();
            if (first != null) {
                least = Math.min(least, (long) DEADLINE.get(first) - now);
            }
        }
        return least;
    }
}
