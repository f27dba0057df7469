package org.smp4j.fuzz.grammar;

/**
 * What is known of the place of an operation in a program.
 *
 * @param where the context
 * @param held the highest rank of a lock that is held there, or that a thread holds which waits for this place; -1 if
 *        there is none
 * @param depth how many operations it is in
 * @param sure whether it is certainly reached
 * @param reading whether the hotplug lock is held for reading by the task itself
 */
public record Situation(Where where, int held, int depth, boolean sure, boolean reading) {
    /** The rank of the lock of hotplug, which is taken before all others. */
    public static final int CPUS = 0;
    /** The rank of staying on a CPU. */
    public static final int MIGRATION = 1;
    /** The rank of the first mutex. */
    public static final int MUTEX = 2;
    /** The rank of the first semaphore. */
    public static final int RWSEM = 10;
    /** The rank of the first spinlock. */
    public static final int SPIN = 20;
    /** No lock is held. */
    public static final int NONE = -1;

    /** A task's first operation. */
    public static final Situation TASK = new Situation(Where.TASK, NONE, 0, true, false);
    /** The handler of a device. */
    public static final Situation DEVICE = new Situation(Where.HARDIRQ, NONE, 0, false, false);

    /**
     * {@return the same in another context}
     *
     * @param value the context
     */
    public Situation in(Where value) {
        return new Situation(value, held, depth, sure, reading && value == Where.TASK);
    }

    /**
     * {@return the same with another lock held}
     *
     * @param rank its rank
     */
    public Situation holding(int rank) {
        return new Situation(where, Math.max(held, rank), depth, sure, reading);
    }

    /** {@return the same where a thread that holds no lock runs, and no other thread waits for it} */
    public Situation alone() {
        return new Situation(where, NONE, depth, sure, false);
    }

    /** {@return the same for another task, for which this one waits: what this one holds is not the other's} */
    public Situation byAnother() {
        return new Situation(where, held, depth, sure, false);
    }

    /**
     * {@return the same one level deeper}
     *
     * @param reached whether it is certainly reached from here
     */
    Situation deeper(boolean reached) {
        return new Situation(where, held, depth + 1, sure && reached, reading);
    }

    /** {@return the same where the hotplug lock is held for reading} */
    public Situation readingCpus() {
        return new Situation(where, Math.max(held, CPUS), depth, sure, true);
    }
}
