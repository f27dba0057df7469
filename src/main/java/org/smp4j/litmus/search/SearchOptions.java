package org.smp4j.litmus.search;

import org.smp4j.explore.memory.MemoryModel;

/**
 * What a search of a litmus test makes.
 *
 * @param model the memory model
 * @param insertion whether a write may land before the newest one of its location; in {@link MemoryModel#JAVA} only
 * @param iterations the number of iterations of a loop, at most; longer executions are cut and counted
 * @param states the number of states, at most; a larger test is given up
 */
public record SearchOptions(MemoryModel model, boolean insertion, int iterations, int states) {
    /** All of the model {@code java}. */
    public static final SearchOptions DEFAULT = new SearchOptions(MemoryModel.JAVA, true, 3, 2_000_000);

    /** {@return these with another model} */
    public SearchOptions withModel(MemoryModel other) {
        return new SearchOptions(other, insertion, iterations, states);
    }

    /** {@return these with writes that land only after all others of their location, or not} */
    public SearchOptions withInsertion(boolean other) {
        return new SearchOptions(model, other, iterations, states);
    }
}
