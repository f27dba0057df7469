package org.smp4j.fuzz.grammar;

/** Performs an operation. */
@FunctionalInterface
public interface Act {
    /**
     * Performs it.
     *
     * @param world the machine and the objects of the program
     * @param step the operation
     * @return its result
     */
    int perform(World world, Step step);
}
