package org.smp4j.explore.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * {@link MemoryModel#TSO}: a store is visible to all other strands at once, but possibly after later reads of its own
 * strand. Here a store takes effect when it is executed, and a read may return what was there earlier: the strand has
 * read before its own store became visible.
 *
 * <p>What compilers may do is not in it: opaque, acquire and release are all as plain moves on x86, a volatile write is
 * followed by a full fence, and every read-modify-write is one.
 */
final class StoreBufferMemory extends Memory {
    /** What one strand knows. */
    private static final class Reader {
        /** The state of memory that it has read from last; later reads are from the same or a later one. */
        View seen = View.NONE;
        /** Its own writes: it reads them even before others do. */
        View own = View.NONE;

        Reader() {
        }

        Reader(Reader other) {
            seen = other.seen;
            own = other.own;
        }
    }

    private final List<Reader> readers = new ArrayList<>();
    private View newest = View.NONE;

    StoreBufferMemory(int kept) {
        super(kept, false);
    }

    private StoreBufferMemory(StoreBufferMemory other) {
        super(other);
        newest = other.newest;
        for (Reader reader : other.readers) {
            readers.add(new Reader(reader));
        }
    }

    @Override
    public Memory copy() {
        return new StoreBufferMemory(this);
    }

    @Override
    public void fence(int strand, Fence fence) {
        if (fence == Fence.FULL) {
            drain(strand);
        }
    }

    /** On x86 a locked instruction drains the buffer, whether it writes or not. */
    @Override
    public int readableOnFailure(int strand, int location, AccessMode mode) {
        return 1;
    }

    @Override
    public Message readOnFailure(int strand, int location, AccessMode mode, int behind) {
        drain(strand);
        return read(strand, location, mode, 0);
    }

    @Override
    public View publish(int strand) {
        return newest;
    }

    /** Without what may be in the strand's buffer still. */
    @Override
    public View carried(int strand) {
        return reader(strand).seen;
    }

    @Override
    public void receive(int strand, View view) {
        Reader reader = reader(strand);
        reader.seen = reader.seen.join(view);
    }

    private void drain(int strand) {
        reader(strand).seen = newest;
    }

    private Reader reader(int strand) {
        while (readers.size() <= strand) {
            readers.add(new Reader());
        }
        return readers.get(strand);
    }

    @Override
    int bound(int strand, int location, AccessMode mode) {
        Reader reader = reader(strand);
        return Math.max(reader.seen.at(location), reader.own.at(location));
    }

    @Override
    int publishes(int strand, int location, AccessMode mode) {
        return 0;
    }

    @Override
    void afterRead(int strand, int location, AccessMode mode, Message message) {
        if (message.strand != strand) { // its own store it may have read from its buffer
            Reader reader = reader(strand);
            reader.seen = reader.seen.join(message.view);
        }
    }

    @Override
    View afterWrite(int strand, int location, AccessMode mode, int time) {
        newest = newest.with(location, time);
        Reader reader = reader(strand);
        reader.own = reader.own.with(location, time);
        if (mode == AccessMode.VOLATILE) {
            drain(strand);
        }
        return newest;
    }

    @Override
    View afterExchange(int strand, int location, AccessMode mode, Message read, int time) {
        View view = afterWrite(strand, location, mode, time);
        drain(strand);
        return view;
    }

    @Override
    boolean reachesBefore(int location, int time) {
        return readers.stream().anyMatch(reader -> Math.max(reader.seen.at(location), reader.own.at(location)) < time);
    }

    @Override
    void strandKeys(StateKey key) {
        newest.key(key, this);
        for (int strand = 0; strand < readers.size(); strand++) {
            Reader reader = readers.get(strand);
            if (reader.seen != View.NONE || reader.own != View.NONE) {
                key.add(strand);
                reader.seen.key(key, this);
                reader.own.key(key, this);
            }
        }
    }

    @Override
    void clearStrands() {
        newest = View.NONE;
        readers.clear();
    }
}
