package org.smp4j.explore.memory;

/** A memory with three locations x, y and z, all 0, and short names for what strands do with them. */
final class Strands {
    static final int X = 0;
    static final int Y = 1;
    static final int Z = 2;
    static final AccessMode PLAIN = AccessMode.PLAIN;
    static final AccessMode OPAQUE = AccessMode.OPAQUE;
    static final AccessMode ACQUIRE = AccessMode.ACQUIRE;
    static final AccessMode RELEASE = AccessMode.RELEASE;
    static final AccessMode VOLATILE = AccessMode.VOLATILE;

    final Memory memory;
    private int step;

    Strands(Memory memory) {
        this.memory = memory;
        for (int i = 0; i < 3; i++) {
            memory.location(0, null);
        }
    }

    static Strands java() {
        return new Strands(Memory.of(MemoryModel.JAVA, Memory.ALL, false, false));
    }

    static Strands inserting() {
        return new Strands(Memory.of(MemoryModel.JAVA, Memory.ALL, true, false));
    }

    static Strands tso() {
        return new Strands(Memory.of(MemoryModel.TSO, Memory.ALL, false, false));
    }

    void write(int strand, int location, AccessMode mode, long value) {
        memory.write(strand, step++, location, mode, value, null, 0);
    }

    void insert(int strand, int location, AccessMode mode, long value, int before) {
        memory.write(strand, step++, location, mode, value, null, before);
    }

    /** Reads the newest value. */
    long read(int strand, int location, AccessMode mode) {
        return memory.read(strand, location, mode, 0).value();
    }

    /** Reads an older value. */
    long read(int strand, int location, AccessMode mode, int behind) {
        return memory.read(strand, location, mode, behind).value();
    }

    long exchange(int strand, int location, AccessMode mode, long value) {
        return memory.exchange(strand, step++, location, mode, value, null, 0).value();
    }

    /** {@return how many older values a strand may read} */
    int stale(int strand, int location, AccessMode mode) {
        return memory.readable(strand, location, mode) - 1;
    }

    int stale(int strand, int location) {
        return stale(strand, location, OPAQUE);
    }
}
