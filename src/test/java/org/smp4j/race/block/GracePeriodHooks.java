package org.smp4j.race.block;

import java.util.List;
import org.smp4j.explore.Exploring;

/** What tests put into an {@link ExpeditedGracePeriod}. */
public final class GracePeriodHooks {
    private static boolean triesAgain; // used by CPU 0 only

    private GracePeriodHooks() {
    }

    /** This place was reached. */
    public static void reached() {
        Exploring.broken("reached", "some schedule comes here", List.of());
    }

    /** The call has failed, and is about to be tried again. */
    public static void again() {
        triesAgain = true;
    }

    /** Whether a CPU is still waited for; it is reached if it is not, after a call that failed. */
    public static boolean isWaitedFor(ExpeditedGracePeriod rcu, int cpu) {
        boolean waitedFor = rcu.isWaitedFor(cpu);
        if (triesAgain && !waitedFor) {
            reached();
        }
        triesAgain = false;
        return waitedFor;
    }

    /** No CPU is ever gone. */
    public static boolean isNeverGone(ExpeditedGracePeriod rcu, int cpu) {
        return false;
    }
}
