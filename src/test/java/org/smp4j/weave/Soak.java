package org.smp4j.weave;

import java.util.List;

/** What a test asks of {@link CallSoak}, whichever loader that comes from. */
public interface Soak {
    /** How a call went wrong. */
    enum Fault {
        /** It was accepted, its CPU is down, and it has not run. */
        LOST,
        /**
         * A sender waits and nothing happens: the csd lock watchdog says so, or the watchdog, or the soak does not end.
         */
        HANG,
        /** It ran on an offline CPU, other than in its last flush; or on another CPU. */
        ASTRAY,
        /** It ran more than once. */
        TWICE,
        /** It ran although it was refused, or its waiting caller went on before it had run. */
        UNASKED,
        /** The machine warned, or hotplug failed. */
        WARNING
    }

    /**
     * What to do.
     *
     * @param calls after how many accepted calls it ends
     * @param seconds when it ends at the latest
     * @param chains whether interrupt handlers send calls, too
     * @param lateIpis of 1,000 interrupts, how many come late
     * @param csdLockTimeout after how many milliseconds a wait for a call is a hang; of tasks, twice as much
     */
    record Plan(long calls, int seconds, boolean chains, int lateIpis, int csdLockTimeout) {
    }

    /**
     * What came out.
     *
     * @param accepted calls that were accepted
     * @param refused calls that were not
     * @param cycles how often the CPU went down and came back
     * @param faults what went wrong, the first of each kind
     * @param log what the machine said last
     */
    record Report(long accepted, long refused, long cycles, List<Found> faults, List<String> log) {
        boolean has(Fault... kinds) {
            return faults.stream().anyMatch(found -> List.of(kinds).contains(found.fault()));
        }
    }

    /**
     * One thing that went wrong.
     *
     * @param fault the kind
     * @param text the details
     */
    record Found(Fault fault, String text) {
    }

    /**
     * Runs it. It ends early when a call is lost or something hangs.
     *
     * @param plan what to do
     * @return what came out
     */
    Report run(Plan plan) throws InterruptedException;
}
