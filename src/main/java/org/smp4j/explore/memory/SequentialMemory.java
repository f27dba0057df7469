package org.smp4j.explore.memory;

/** {@link MemoryModel#SC}: a location has its newest value only. */
final class SequentialMemory extends Memory {
    SequentialMemory() {
        super(ALL, false);
    }

    private SequentialMemory(SequentialMemory other) {
        super(other);
    }

    @Override
    public Memory copy() {
        return new SequentialMemory(this);
    }

    @Override
    public void fence(int strand, Fence fence) {
        // all accesses are in one order already
    }

    @Override
    public View publish(int strand) {
        return View.NONE;
    }

    @Override
    public View carried(int strand) {
        return View.NONE;
    }

    @Override
    public void receive(int strand, View view) {
        // every strand knows all
    }

    @Override
    int bound(int strand, int location, AccessMode mode) {
        return history(location).newest().time;
    }

    @Override
    int publishes(int strand, int location, AccessMode mode) {
        return 0;
    }

    @Override
    void afterRead(int strand, int location, AccessMode mode, Message message) {
        // a read rules nothing out
    }

    @Override
    View afterWrite(int strand, int location, AccessMode mode, int time) {
        return View.NONE;
    }

    @Override
    View afterExchange(int strand, int location, AccessMode mode, Message read, int time) {
        return View.NONE;
    }

    @Override
    boolean reachesBefore(int location, int time) {
        return false;
    }

    @Override
    void strandKeys(StateKey key) {
        // strands differ in nothing
    }

    @Override
    void clearStrands() {
        // they know nothing of their own
    }
}
