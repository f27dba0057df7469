package org.smp4j.explore.memory;

import java.util.Arrays;

/**
 * The memory of one run: the last values of each location, and for each strand which of them it may still read. The
 * owner says which strand accesses which location, in the order of execution, and chooses among the values; this class
 * says which choices there are, and what each one rules out later.
 *
 * <p>Strands and locations have numbers from 0. A choice is a number of messages <em>behind</em> the newest: 0 is the
 * newest, and is always possible. With {@linkplain #insertion insertion} a write may also land before the newest
 * messages; the newest one stays the location's value.
 *
 * <p>Belongs to one thread.
 */
public abstract sealed class Memory permits SequentialMemory, StoreBufferMemory, ViewMemory {
    /** As a number of values to keep: all of them. */
    public static final int ALL = Integer.MAX_VALUE;

    private final int kept;
    private final boolean insertion;
    private History[] histories = new History[4]; // those beyond the locations are kept for later ones
    private int locations;
    private boolean forgot;

    Memory(int kept, boolean insertion) {
        this.kept = kept;
        this.insertion = insertion;
    }

    Memory(Memory other) {
        kept = other.kept;
        insertion = other.insertion;
        histories = new History[other.histories.length];
        locations = other.locations;
        forgot = other.forgot;
        for (int i = 0; i < locations; i++) {
            histories[i] = other.histories[i].copy();
        }
    }

    /**
     * An empty memory.
     *
     * @param model the model
     * @param kept the number of values that a location keeps, at least 1; older ones can't be read any more
     * @param insertion whether writes may land before the newest message; only in {@link MemoryModel#JAVA}
     * @param incoherent whether a read may return an older message than an earlier one of the strand, if one of them is
     *        plain; only in {@link MemoryModel#JAVA}
     * @return the memory
     */
    public static Memory of(MemoryModel model, int kept, boolean insertion, boolean incoherent) {
        if (kept < 1) {
            throw new IllegalArgumentException("a location keeps one value at least, not " + kept);
        }
        return switch (model) {
            case SC -> new SequentialMemory();
            case JAVA -> new ViewMemory(kept, insertion, incoherent, true);
            case TSO -> new StoreBufferMemory(kept);
        };
    }

    /**
     * An empty memory of {@link MemoryModel#JAVA} in which volatile accesses and full fences have no order of all of
     * them: a volatile access acquires and releases, a full fence does so, and nothing more. What a strand knows then
     * follows from which values were read, and not from the order of steps that reach different locations. It is never
     * more than it knows by the model.
     *
     * @param kept as above
     * @param insertion as above
     * @param incoherent as above
     * @return the memory
     */
    static Memory unordered(int kept, boolean insertion, boolean incoherent) {
        return new ViewMemory(kept, insertion, incoherent, false);
    }

    /** {@return a copy, which changes independently of this} */
    public abstract Memory copy();

    /** {@return whether writes may land before the newest message} */
    public final boolean insertion() {
        return insertion;
    }

    /** {@return whether a value was dropped that a strand could have read: not all executions are possible then} */
    public final boolean forgot() {
        return forgot;
    }

    /**
     * Adds a location.
     *
     * @param value its present value
     * @param reference its present value if it holds a reference
     * @return its number
     */
    public final int location(long value, Object reference) {
        if (locations == histories.length) {
            histories = Arrays.copyOf(histories, 2 * locations);
        }
        Message initial = new Message(value, reference, Message.INITIAL, 0, 0, View.NONE, false);
        if (histories[locations] == null) {
            histories[locations] = new History(initial, insertion);
        } else {
            histories[locations].begin(initial);
        }
        return locations++;
    }

    /** Forgets all locations and what the strands know, for the next run; not that values were dropped. */
    public final void clear() {
        locations = 0;
        clearStrands();
    }

    /** {@return the number of locations} */
    public final int locations() {
        return locations;
    }

    /** {@return the number of values that a location keeps at the moment} */
    public final int length(int location) {
        return histories[location].size();
    }

    /** {@return the message of a location with the given number of newer ones} */
    public final Message message(int location, int behind) {
        return histories[location].behind(behind);
    }

    /**
     * The number of messages that a read may return; they are the newest ones.
     *
     * @param strand the reader
     * @param location the location
     * @param mode the read's mode
     * @return at least 1
     */
    public final int readable(int strand, int location, AccessMode mode) {
        History history = histories[location];
        return history.size() == 1 ? 1 : Math.max(1, history.since(bound(strand, location, mode)));
    }

    /**
     * A read.
     *
     * @param strand the reader
     * @param location the location
     * @param mode the mode
     * @param behind how many newer messages there are, below {@link #readable}
     * @return what is read
     */
    public final Message read(int strand, int location, AccessMode mode, int behind) {
        check(behind == 0 || behind < readable(strand, location, mode), "strand %d can't read location %d", strand,
                location);
        Message message = message(location, behind);
        afterRead(strand, location, mode, message);
        return message;
    }

    /**
     * Whether a write may land before the given number of newest messages.
     *
     * @param strand the writer
     * @param location the location
     * @param mode the write's mode
     * @param before the number of messages that stay newer; 0 is always possible
     * @return whether it may
     */
    public final boolean mayWrite(int strand, int location, AccessMode mode, int before) {
        History history = histories[location];
        return before == 0 || insertion && before < history.size() && !history.isTaken(before)
                && history.behind(before).time >= Math.max(bound(strand, location, mode.coherent()),
                        publishes(strand, location, mode));
    }

    /** {@return the number of places where a write may land} */
    public final int places(int strand, int location, AccessMode mode) {
        int places = 0;
        for (int before = 0; before < length(location); before++) {
            places += mayWrite(strand, location, mode, before) ? 1 : 0;
        }
        return places;
    }

    /** {@return how many messages stay newer at one of the {@link #places}, from the newest on} */
    public final int place(int strand, int location, AccessMode mode, int number) {
        int left = number;
        int before = 0;
        while (!mayWrite(strand, location, mode, before) || left-- > 0) {
            before++;
        }
        return before;
    }

    /** {@return whether a strand has seen a message, and may read an older one: plain reads may go back} */
    public boolean hasSeen(int strand, int location, Message message) {
        return false;
    }

    /**
     * A write.
     *
     * @param strand the writer
     * @param step the writer's own number for it
     * @param location the location
     * @param mode the mode
     * @param value what is written
     * @param reference what is written if the location holds a reference
     * @param before how many messages stay newer; see {@link #mayWrite}
     */
    public final void write(int strand, int step, int location, AccessMode mode, long value, Object reference,
            int before) {
        check(mayWrite(strand, location, mode, before), "strand %d can't write location %d", strand, location);
        int time = histories[location].timeBefore(before);
        put(location, before, new Message(value, reference, strand, step, time,
                afterWrite(strand, location, mode, time), false));
    }

    /**
     * Whether an atomic read-modify-write may read a message; its own message follows directly.
     *
     * @param strand the strand
     * @param location the location
     * @param mode the mode
     * @param behind how many newer messages there are; 0 is always possible
     * @return whether it may
     */
    public final boolean mayExchange(int strand, int location, AccessMode mode, int behind) {
        return mayWrite(strand, location, mode, behind);
    }

    /**
     * An atomic read-modify-write that writes; one that does not is a {@link #read}.
     *
     * @param strand the strand
     * @param step the strand's own number for it
     * @param location the location
     * @param mode the mode
     * @param value what is written
     * @param reference what is written if the location holds a reference
     * @param behind how many newer messages there are than the one that is read; see {@link #mayExchange}
     * @return what is read
     */
    public final Message exchange(int strand, int step, int location, AccessMode mode, long value, Object reference,
            int behind) {
        check(mayExchange(strand, location, mode, behind), "strand %d can't exchange location %d", strand, location);
        Message read = message(location, behind);
        int time = histories[location].timeBefore(behind);
        put(location, behind, new Message(value, reference, strand, step, time,
                afterExchange(strand, location, mode, read, time), true));
        return read;
    }

    /** A write, or a read-modify-write. */
    final void write(int strand, int step, int location, AccessMode mode, long value, Object reference, int before,
            boolean exchanges) {
        if (exchanges) {
            exchange(strand, step, location, mode, value, reference, before);
        } else {
            write(strand, step, location, mode, value, reference, before);
        }
    }

    /**
     * The number of messages that a conditional read-modify-write may read without writing; they are the newest ones.
     *
     * @param strand the strand
     * @param location the location
     * @param mode the mode of its read if it does not write
     * @return at least 1
     */
    public int readableOnFailure(int strand, int location, AccessMode mode) {
        return readable(strand, location, mode);
    }

    /**
     * A conditional read-modify-write that does not write.
     *
     * @param strand the strand
     * @param location the location
     * @param mode the mode of its read
     * @param behind how many newer messages there are, below {@link #readableOnFailure}
     * @return what is read
     */
    public Message readOnFailure(int strand, int location, AccessMode mode, int behind) {
        return read(strand, location, mode, behind);
    }

    /**
     * Changes the newest value of a location, for an owner that has not told of a write: the write counts as a part of
     * the one before.
     *
     * @param location the location
     * @param value its present value
     * @param reference its present value if it holds a reference
     */
    public final void correct(int location, long value, Object reference) {
        Message newest = histories[location].newest();
        if (newest.value != value || newest.reference != reference) {
            histories[location].replaceNewest(new Message(value, reference, newest.strand, newest.step, newest.time,
                    newest.view, newest.exchange));
        }
    }

    /** A fence of a strand. */
    public abstract void fence(int strand, Fence fence);

    /**
     * What a strand knows, for others to {@link #receive}: by an end of a thread, a permit, an interrupt.
     *
     * @param strand the strand
     * @return all that the strand has seen and written
     */
    public abstract View publish(int strand);

    /**
     * What goes along with an exchange that does not release, where {@link #publish} is too much.
     *
     * @param strand the strand
     * @return what the strand has ordered before all its later writes
     */
    public abstract View carried(int strand);

    /** Makes a strand acquire what was published: it can no longer miss that. */
    public abstract void receive(int strand, View view);

    /** Appends all that distinguishes this memory from another one of the same program. */
    public final void key(StateKey key) {
        for (int i = 0; i < locations; i++) {
            histories[i].key(key, this);
        }
        strandKeys(key);
    }

    /** Appends the writes of each location in their order, without what the strands know. */
    public final void writeOrder(StateKey key) {
        for (int i = 0; i < locations; i++) {
            History history = histories[i];
            key.add(history.size());
            for (int behind = 0; behind < history.size(); behind++) {
                key.add(history.behind(behind).strand);
                key.add(history.behind(behind).step);
            }
        }
    }

    /** {@return the time of the oldest message that a strand may read, or write behind in a coherent mode} */
    abstract int bound(int strand, int location, AccessMode mode);

    /** {@return the time of a location's message that a write would publish beside its own} */
    abstract int publishes(int strand, int location, AccessMode mode);

    abstract void afterRead(int strand, int location, AccessMode mode, Message message);

    /** {@return the view of the message} */
    abstract View afterWrite(int strand, int location, AccessMode mode, int time);

    /** {@return the view of the message} */
    abstract View afterExchange(int strand, int location, AccessMode mode, Message read, int time);

    /** {@return whether a strand could still read a message of a location that is older than a time} */
    abstract boolean reachesBefore(int location, int time);

    abstract void strandKeys(StateKey key);

    abstract void clearStrands();

    final History history(int location) {
        return histories[location];
    }

    private void put(int location, int before, Message message) {
        History history = histories[location];
        history.insert(message, before);
        while (history.size() > kept) {
            forgot |= reachesBefore(location, history.behind(history.size() - 2).time);
            history.dropOldest();
        }
    }

    private static void check(boolean possible, String what, int strand, int location) {
        if (!possible) {
            throw new IllegalArgumentException(String.format(what, strand, location) + " there");
        }
    }
}
