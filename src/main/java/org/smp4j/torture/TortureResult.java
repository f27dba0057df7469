package org.smp4j.torture;

import java.util.List;

/**
 * The result of a run.
 *
 * @param verdict the verdict in a word
 * @param statistics all counters, after all activity has ended
 * @param failures why it failed, beyond the counters; one line each
 * @param warnings how many warnings the machine gave
 * @param lockups how many hangs its watchdog reported
 * @param csdLockReports how many waits for a csd lock were reported as too long
 * @param nanos how long the workers ran
 */
public record TortureResult(Verdict verdict, ScfStatistics statistics, List<String> failures, int warnings, int lockups,
        int csdLockReports, long nanos) {
    /** The word at the end of the log. Only SUCCESS means that no check failed. */
    public enum Verdict {
        /** All checks passed. */
        SUCCESS,
        /** A check failed, or something hung or warned. */
        FAILURE,
        /** A CPU could not be brought on- or offline; nothing else went wrong. */
        LOCK_HOTPLUG,
        /** There was no worker, so nothing was tested; as in the kernel, the log ends without a word. */
        NONE;

        static Verdict of(ScfStatistics statistics, List<String> failures, int workers) {
            if (statistics.errs() != 0 || statistics.mbInErrs() != 0 || statistics.mbOutErrs() != 0
                    || !failures.isEmpty()) {
                return FAILURE;
            }
            if (workers == 0) {
                return NONE;
            }
            return statistics.onoff().failed() ? LOCK_HOTPLUG : SUCCESS;
        }
    }

    /** Copies the list. */
    public TortureResult {
        failures = List.copyOf(failures);
    }

    /** {@return how many handlers ran in a second, over all CPUs} */
    public double invocationsPerSecond() {
        return nanos <= 0 ? 0 : statistics.invoked() * 1e9 / nanos;
    }
}
