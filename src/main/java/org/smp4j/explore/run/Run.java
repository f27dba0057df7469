package org.smp4j.explore.run;

import java.util.function.Function;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Describer;
import org.smp4j.explore.model.Outcome;

/**
 * The read-only view of a run for strategies, searches, detectors and reports. Decisions are results that they return
 * to the engine.
 */
public interface Run {
    /** The maximum number of strands at a time. */
    int MAX_STRANDS = Departures.MAX_STRANDS;
    /** The lowest step limit of a run. */
    int LEAST_STEPS = 100;
    /** The highest step limit of a run. */
    int MOST_STEPS = 100_000_000;
    /** The default step limit of a run. */
    int DEFAULT_STEPS = 100_000;

    /** {@return the number of strands} */
    int strandCount();

    /** {@return a strand by its number, from 0} */
    Strand strand(int id);

    /** {@return the strand that runs a thread; null if none does} */
    Strand strandOf(Thread thread);

    /** {@return the number of steps so far} */
    int steps();

    /** {@return the step limit of the run} */
    int stepLimit();

    /** {@return the outcome of the run; null while it goes on} */
    Outcome outcome();

    /** {@return whether the run is in the explored stretch} */
    boolean inStretch();

    /**
     * The default schedule: a strand goes on as long as it can. Then the next in the order of their start follows, but
     * one that was preempted comes last. So one departure holds a strand back for as long as any other can step.
     *
     * @param current the strand that made the last step
     * @param menu the strands that can step
     * @return the number of the strand that steps by default
     */
    int byDefault(Strand current, StrandSet menu);

    /**
     * {@return of some strands those that were not preempted, or all of them if there is no other; until the next call}
     */
    StrandSet willing(StrandSet menu);

    /**
     * From here on the strands step in turn: the run departs here for the last time.
     *
     * @param current the strand that made the last step
     * @param menu the strands that can step
     * @return the number of the strand that steps next
     */
    int roundRobin(Strand current, StrandSet menu);

    /** {@return the virtual clock} */
    Clock clock();

    /** {@return the interrupts of the scenario's processors} */
    Interruptions interruptions();

    /** {@return how many steps had several outcomes by the memory model, but for those that seek the oldest} */
    int weakChances();

    /** {@return the strand that is held back, as a search asked} */
    HeldStrand held();

    /** {@return the number of locations that the run has reached so far} */
    int locationCount();

    /** {@return a location as a reader would name it} */
    String name(Location location);

    /** {@return the number of an object among those of its class, in the order of first use, from 0} */
    int idOf(Object object);

    /** {@return the column of a report for a strand's steps} */
    String column(Strand strand);

    /**
     * Asks what the scenario says about its objects.
     *
     * @param strand the strand on which it is asked
     * @param question the question
     * @param <T> the type of the answer
     * @return the answer
     */
    <T> T ask(Strand strand, Function<Describer, T> question);

    /** {@return what a strand waits for, in the scenario's words; null if the scenario does not say} */
    String waits(Strand strand);

    /** {@return the strand that holds the lock, or computes the value, that another strand waits for} */
    Strand holder(Strand waiting);
}
