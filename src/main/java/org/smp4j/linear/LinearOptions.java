package org.smp4j.linear;

import org.smp4j.explore.ExploreOptions;
import org.smp4j.explore.model.ExplorerException;

/**
 * Which programs are drawn, and how each is explored.
 *
 * @param threads the number of threads, 1 to 4; one thread checks the class against its specification
 * @param operations the number of operations of each thread, 1 to 8
 * @param before the maximum number of operations before the threads start
 * @param after the maximum number of operations after the threads have ended
 * @param programs the maximum number of programs
 * @param realTime whether an operation that ended before another one began must also take effect before it; otherwise
 *         each thread's own order is enough
 * @param specification the binary name of the class whose sequential runs say what is right; null for the class under
 *         test itself
 * @param explore how each program is explored; its seed is also that of the programs, its number of schedules is for
 *         each program, its budget for all
 */
public record LinearOptions(int threads, int operations, int before, int after, int programs, boolean realTime,
        String specification, ExploreOptions explore) {
    /** The highest number of threads. */
    public static final int MOST_THREADS = 4;
    /** The highest number of operations of a thread, before or after. */
    public static final int MOST_OPERATIONS = 8;
    /** 100 programs of two threads with three operations each, a thousand schedules of each program. */
    public static final LinearOptions DEFAULT = new LinearOptions(2, 3, 2, 2, 100, true, null,
            ExploreOptions.DEFAULT.withSchedules(1000));

    /** Checks the options. */
    public LinearOptions {
        between("threads", threads, 1, MOST_THREADS);
        between("operations", operations, 1, MOST_OPERATIONS);
        between("operations before", before, 0, MOST_OPERATIONS);
        between("operations after", after, 0, MOST_OPERATIONS);
        between("programs", programs, 1, 100_000_000);
    }

    private static void between(String what, int number, int least, int most) {
        if (number < least || number > most) {
            throw new ExplorerException("the number of " + what + " must be between " + least + " and " + most
                    + ", got " + number);
        }
    }

    /** {@return the seed of the programs, and of their schedules} */
    public long seed() {
        return explore.seed();
    }

    /** {@return the same options for programs of another size} */
    public LinearOptions withSize(int ofThreads, int ofOperations, int mostBefore, int mostAfter) {
        return new LinearOptions(ofThreads, ofOperations, mostBefore, mostAfter, programs, realTime, specification,
                explore);
    }

    /** {@return the same options with another number of programs} */
    public LinearOptions withPrograms(int value) {
        return new LinearOptions(threads, operations, before, after, value, realTime, specification, explore);
    }

    /** {@return the same options with or without the order in time} */
    public LinearOptions withRealTime(boolean value) {
        return new LinearOptions(threads, operations, before, after, programs, value, specification, explore);
    }

    /** {@return the same options with another specification} */
    public LinearOptions withSpecification(String value) {
        return new LinearOptions(threads, operations, before, after, programs, realTime, value, explore);
    }

    /** {@return the same options with programs that are explored otherwise} */
    public LinearOptions withExplore(ExploreOptions value) {
        return new LinearOptions(threads, operations, before, after, programs, realTime, specification, value);
    }
}
