package org.smp4j.explore.run;

import org.smp4j.explore.model.Departures;

/**
 * One run of the scenario, as strategies, searches, detectors and reports see it. They read it; what they decide they
 * return to the engine.
 */
public interface Run {
    /** So many strands at once at most. */
    int MAX_STRANDS = Departures.MAX_STRANDS;
    /** The least limit of steps that a run may have. */
    int LEAST_STEPS = 100;
    /** The highest limit of steps that a run may have. */
    int MOST_STEPS = 100_000_000;
    /** The limit of steps that a run has if no other is asked for. */
    int DEFAULT_STEPS = 100_000;

    /** {@return how many strands there are} */
    int strandCount();

    /** {@return a strand by its number, from 0} */
    Strand strand(int id);

    /** {@return the strand that runs a thread; null if none does} */
    Strand strandOf(Thread thread);

    /** {@return how many steps were made} */
    int steps();

    /** {@return how many steps the run may have} */
    int stepLimit();

    /** {@return how the run has ended; null while it goes on} */
    Outcome outcome();

    /** {@return whether the run is in the part that the scenario wants explored} */
    boolean inStretch();

    /**
     * The default schedule: a strand goes on as long as it can. Then the next in the order of their start follows, but
     * one that was preempted comes last. So one departure holds a strand back for as long as any other can step.
     *
     * @param current the strand that made the last step
     * @param menu the strands that can step, by bit
     * @return the number of the strand that steps by default
     */
    int byDefault(Strand current, long menu);

    /** {@return of some strands those that were not preempted, or all of them if there is no other; by bit} */
    long willing(long menu);

    /**
     * From here on the strands step in turn: the run departs here for the last time.
     *
     * @param current the strand that made the last step
     * @param menu the strands that can step, by bit
     * @return the number of the strand that steps next
     */
    int roundRobin(Strand current, long menu);

    /** {@return the virtual clock} */
    Clock clock();

    /** {@return the interrupts of the scenario's processors} */
    Interruptions interruptions();

    /** {@return the strand that is held back, as a search asked} */
    HeldStrand held();

    /** {@return how many locations the run has reached so far} */
    int locationCount();

    /** {@return a location as a reader would name it} */
    String name(Location location);

    /** {@return the number of an object among those of its class that were asked for, from 0} */
    int idOf(Object object);

    /** {@return the column of a report in which a strand's steps stand} */
    String column(Strand strand);

    /** {@return what a strand waits for, as the scenario says; null if it does not} */
    String waits(Strand strand);

    /** {@return the strand that has the lock, or computes the value, for which another waits} */
    Strand holder(Strand waiting);
}
