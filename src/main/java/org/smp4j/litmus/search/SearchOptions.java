package org.smp4j.litmus.search;

import org.smp4j.explore.memory.Memory;
import org.smp4j.explore.memory.MemoryModel;

/**
 * What a search of a litmus test makes.
 *
 * @param model the memory model
 * @param insertion whether a write may land before the newest one of its location; in {@link MemoryModel#JAVA} only
 * @param incoherent whether a read may return an older value than an earlier one of its thread and location, if one of
 *        them is plain; in {@link MemoryModel#JAVA} only
 * @param iterations the number of iterations of a loop, at most; longer executions are cut and counted
 * @param states the number of states, at most; a larger test is given up
 */
public record SearchOptions(MemoryModel model, boolean insertion, boolean incoherent, int iterations, int states) {
    /** All of the model {@code java}, with coherent plain reads. */
    public static final SearchOptions DEFAULT = new SearchOptions(MemoryModel.JAVA, true, false, 3, 2_000_000);

    /** {@return an empty memory} */
    Memory memory() {
        return Memory.of(model, Memory.ALL, insertion, incoherent);
    }

    /** {@return these with another model} */
    public SearchOptions withModel(MemoryModel other) {
        return new SearchOptions(other, insertion, incoherent, iterations, states);
    }

    /** {@return these with writes that land only after all others of their location, or not} */
    public SearchOptions withInsertion(boolean other) {
        return new SearchOptions(model, other, incoherent, iterations, states);
    }

    /** {@return these with coherent plain reads, or without} */
    public SearchOptions withIncoherent(boolean other) {
        return new SearchOptions(model, insertion, other, iterations, states);
    }
}
