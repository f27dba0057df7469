package org.smp4j.explore.memory;

import java.util.Arrays;

/**
 * What a strand or a message knows: for each location, by its number, the time of the oldest message that may still be
 * read. Immutable; an operation that changes nothing returns one of its operands.
 */
final class View {
    static final View NONE = new View(new int[0]);

    private final int[] times;

    private View(int[] times) {
        this.times = times;
    }

    /** {@return the time of the oldest readable message of a location} */
    int at(int location) {
        return location < times.length ? times[location] : 0;
    }

    /** {@return this view, but with a time of at least the given one for a location} */
    View with(int location, int time) {
        if (at(location) >= time) {
            return this;
        }
        int[] changed = Arrays.copyOf(times, Math.max(times.length, location + 1));
        changed[location] = time;
        return new View(changed);
    }

    /** {@return the newer time of both, for each location} */
    View join(View other) {
        if (this == other || other.isWithin(this)) {
            return this;
        }
        if (isWithin(other)) {
            return other;
        }
        int[] longer = times.length >= other.times.length ? times : other.times;
        int[] shorter = longer == times ? other.times : times;
        int[] joined = longer.clone();
        for (int i = 0; i < shorter.length; i++) {
            joined[i] = Math.max(joined[i], shorter[i]);
        }
        return new View(joined);
    }

    private boolean isWithin(View other) {
        for (int i = 0; i < times.length; i++) {
            if (times[i] > other.at(i)) {
                return false;
            }
        }
        return true;
    }

    /** Appends the ranks of the messages that this view names, without zeros at the end. */
    void key(StateKey key, Memory memory) {
        int length = times.length;
        while (length > 0 && times[length - 1] == 0) {
            length--;
        }
        key.add(length);
        for (int i = 0; i < length; i++) {
            key.add(memory.history(i).rank(times[i]));
        }
    }
}
