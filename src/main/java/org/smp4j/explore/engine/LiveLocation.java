package org.smp4j.explore.engine;

import java.util.ArrayDeque;
import java.util.Arrays;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.StrandSet;

/**
 * A location as the engine sees it, with its version, and its state as a lock or as an object that is not thread-safe.
 */
public final class LiveLocation extends Location {
    /** Stands for a location that no part of the explorer needs. */
    public static final LiveLocation NONE = new LiveLocation();

    private static final int DEEP = 64;
    private static final int ROOM = 100;

    Object object;
    int field;
    int id;
    int epoch;
    // The next location in the same chain; see Locations.
    LiveLocation near;
    // By strand: its last index among the strand's reads.
    private byte[] readIndex = new byte[StrandSet.FEW];

    // The number of writes, which a spinning strand compares.
    int version;
    // Spinning strands that have read it since.
    StrandSet spinners; // null until there was one

    // As a lock.
    LiveStrand owner;
    int holds;
    // Strands whose next step is to take the lock.
    private StrandSet acquirers; // null until there was one
    ArrayDeque<LiveStrand> waiters;

    // As an object that is not thread-safe: the strand that is about to change it, and whether another strand has used
    // it since.
    public LiveStrand changer;
    public boolean disturbed;

    // As a plain field: the strands that have reached it, by processor; see InterruptPoints.
    InterruptPoints.Reach reach;

    /**
     * Its owner takes the lock once more. In a deep recursion the lock must not be taken if the stack has no room left
     * to release it, because the release would be tried again and again.
     */
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
        forget(spinners);
        owner = null;
        holds = 0;
        forget(acquirers);
        waiters = null;
        changer = null;
    }

    private static void forget(StrandSet strands) {
        if (strands != null) {
            strands.clear();
        }
    }

    /** {@return the last index of this location among the reads of a strand, if there is one} */
    int readIndex(int strand) {
        return strand < readIndex.length ? readIndex[strand] : 0;
    }

    /** Sets that index. */
    void readIndex(int strand, int index) {
        if (strand >= readIndex.length) {
            readIndex = Arrays.copyOf(readIndex, Integer.highestOneBit(strand) << 1);
        }
        readIndex[strand] = (byte) index;
    }

    /** A strand that has read it spins. */
    void addSpinner(LiveStrand strand) {
        if (spinners == null) {
            spinners = new StrandSet();
        }
        spinners.add(strand);
    }

    /** A strand that has read it spins no longer. */
    void removeSpinner(LiveStrand strand) {
        if (spinners != null) {
            spinners.remove(strand);
        }
    }

    /** The strand's next step is to take the lock. */
    void addAcquirer(LiveStrand strand) {
        if (acquirers == null) {
            acquirers = new StrandSet();
        }
        acquirers.add(strand);
    }

    /** The strand's next step is another one. */
    void removeAcquirer(LiveStrand strand) {
        if (acquirers != null) {
            acquirers.remove(strand);
        }
    }

    /** {@return whether the strand's next step is to take the lock} */
    boolean isAcquirer(LiveStrand strand) {
        return acquirers != null && acquirers.has(strand);
    }

    /** {@return the first strand from a number on whose next step is to take the lock; -1 if there is none} */
    int nextAcquirer(int from) {
        return acquirers == null ? -1 : acquirers.next(from);
    }

    // ---- as others see it

    @Override
    public Object object() {
        return object;
    }

    @Override
    public int field() {
        return field;
    }

    @Override
    public int id() {
        return id;
    }

    @Override
    public boolean isThreads() {
        return field == Blocking.PERMIT || field == Blocking.ENDED;
    }

    @Override
    public boolean isClass() {
        return object instanceof ClassInitialization.State;
    }

    @Override
    public boolean isLock() {
        return field == Blocking.LOCK;
    }

    @Override
    public boolean isWanted() {
        return acquirers != null && !acquirers.isEmpty();
    }
}
