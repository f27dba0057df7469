package org.smp4j.explore.run;

/**
 * A location that strands may share within one run: a field of an object, an array element, a lock, a strand's park
 * permit; as all rooms but the engine see it.
 */
public abstract class Location {
    // The last step at which the held strand has read, or written, this location; 0 if it has not. Written and read by:
    // HeldStrand, on the strand that runs. Ordering: plain; one strand at a time runs.
    int readBefore;
    int writtenBefore;
    /**
     * What the weak memory keeps of this location; nothing else uses it. It stays when a later run uses this object for
     * another location.
     */
    public Object remembered;

    /** {@return the object; null for a static field} */
    public abstract Object object();

    /** {@return the number of its field, as {@link org.smp4j.explore.model.Sites} has it; below 0 for an element} */
    public abstract int field();

    /** {@return its number in the run, in the order of first use} */
    public abstract int id();

    /** {@return whether it is the state of a thread that only the explorer keeps} */
    public abstract boolean isThreads();

    /** {@return whether it is the initialization lock of a class} */
    public abstract boolean isClass();

    /** {@return whether it is a monitor, or a lock that the explorer models} */
    public abstract boolean isLock();

    /** {@return whether it is a lock that the next step of some strand takes} */
    public abstract boolean isWanted();
}
