package org.smp4j.explore.run;

/**
 * Something that strands share, within one run: a field of an object, an array element, a lock, a strand's park permit.
 * As all but the engine see it.
 */
public abstract class Location {
    // At which of its steps the strand that is held back has reached it last, 0 if it has not.
    // Written and read by: HeldStrand, on the strand that runs. Ordering: plain; one strand at a time runs.
    int readBefore;
    int writtenBefore;

    /** {@return the object; null for a static field} */
    public abstract Object object();

    /** {@return its number in the run, in the order of the first steps} */
    public abstract int id();

    /** {@return whether it is something of a thread that only the explorer knows} */
    public abstract boolean isThreads();

    /** {@return whether it is the lock that a strand holds which initializes a class} */
    public abstract boolean isClass();

    /** {@return whether the next step of some strand is to take it, as a lock} */
    public abstract boolean isWanted();
}
