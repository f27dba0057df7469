package org.smp4j.explore;

import java.util.ArrayDeque;

/** Something that strands share, within one schedule: a field of an object, an array element, a lock, a strand's park permit. */
final class Location {
    /** In place of one that nobody has to know. */
    static final Location NONE = new Location();

    private static final int DEEP = 64;
    private static final int ROOM = 100;

    Object object;
    int field;
    int id;
    int epoch;
    // Another with the same field, or one that is looked for at the same place; see Locations.
    Location near;
    // By strand: where that has noted it last among what it read.
    final byte[] readIndex = new byte[Execution.MAX_STRANDS];

    // How often it was written: what a spinning strand looks at.
    int version;
    // Strands that spin and have read it since.
    long spinners;

    // As a lock.
    Strand owner;
    int holds;
    // Strands whose next step is to take the lock.
    long acquirers;
    ArrayDeque<Strand> waiters;

    // Happens-before, where it is tracked; see HappensBefore.
    int[] released;
    boolean isReleased;
    // Bits of the kinds of accesses that were made.
    int marked;
    // Most are reached by one strand only: which, and by kind when and where. As soon as there is a second: -1, and the marks.
    int sole;
    int[] own;
    HappensBefore.Marks[] marks;

    // At which of its steps the strand that is watched has touched it last, 0 if it has not; see Hold.
    int readBefore;
    int writtenBefore;

    // As an object that is not thread-safe: the strand that is about to change it, and whether another has used it
    // since.
    Strand changer;
    boolean disturbed;

    // As a plain field, which strands have reached it on which processor, of any run; see InterruptPoints.
    InterruptPoints.Reach reach;

    /** Its owner takes the lock once more. In a deep recursion it must not be taken where the stack has no room to give it back: what gives it back is tried again. */
    void holdAgain() {
        if (holds > DEEP) {
            takeRoom(ROOM);
        }
        holds++;
    }

    private static int takeRoom(int frames) {
        return frames == 0 ? 0 : takeRoom(frames - 1) + 1;
    }

    void reset(Object ofObject, int ofField, int newId, int inEpoch) {
        object = ofObject;
        field = ofField;
        id = newId;
        epoch = inEpoch;
        version = 0;
        spinners = 0;
        owner = null;
        holds = 0;
        acquirers = 0;
        waiters = null;
        isReleased = false;
        marked = 0;
        changer = null;
    }
}
