package org.smp4j.fuzz.handover;

/**
 * What the operations of a run hand over to each other, apart from functions and locks.
 *
 * @param stops by functions of stops
 * @param gracePeriods by grace periods
 * @param barriers by barriers on all CPUs
 * @param stuckReports by functions that take long, to senders that report it
 */
public record HandOvers(StoppedCpus stops, GracePeriods gracePeriods, Barriers barriers, StuckReports stuckReports) {
    /** For a run. */
    public HandOvers() {
        this(new StoppedCpus(), new GracePeriods(), new Barriers(), new StuckReports());
    }
}
