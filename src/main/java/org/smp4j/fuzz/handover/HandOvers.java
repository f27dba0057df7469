package org.smp4j.fuzz.handover;

/**
 * What the operations of a run hand over to each other, apart from functions and locks.
 *
 * @param stops by functions of stops
 * @param gracePeriods by grace periods
 * @param barriers by barriers on all CPUs
 */
public record HandOvers(StoppedCpus stops, GracePeriods gracePeriods, Barriers barriers) {
    /** For a run. */
    public HandOvers() {
        this(new StoppedCpus(), new GracePeriods(), new Barriers());
    }
}
