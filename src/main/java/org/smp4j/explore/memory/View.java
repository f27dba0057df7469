package org.smp4j.explore.memory;

import java.util.Arrays;

/**
 * What a strand or a message knows: for each location, by its number, the time of the oldest message that may still be
 * read. Immutable; an operation that changes nothing returns one of its operands.
 *
 * <p>Most programs have few locations, and their times stand in one array that is no longer than needed. A run of a
 * machine may have a thousand, and a step changes few of them: those after the first ones stand in chunks, which views
 * share, and a chunk that two views share needs no look.
 */
public final class View {
    private static final int BITS = 4;
    private static final int ROOM = 1 << BITS;
    private static final int[] ZERO = new int[ROOM];
    // Results of compare: one of the two has a newer time somewhere.
    private static final int ONE = 1;
    private static final int OTHER = 2;

    static final View NONE = new View(new int[0], new int[0][]);

    private final int[] first; // of the first ROOM locations; the last of these times is not 0
    private final int[][] further; // of the others; the last chunk is not ZERO

    private View(int[] first, int[][] further) {
        this.first = first;
        this.further = further;
    }

    /** {@return the time of the oldest readable message of a location} */
    int at(int location) {
        if (location < first.length) {
            return first[location];
        }
        int chunk = (location >>> BITS) - 1;
        return chunk >= 0 && chunk < further.length ? further[chunk][location & ROOM - 1] : 0;
    }

    /** {@return this view, but with a time of at least the given one for a location} */
    View with(int location, int time) {
        if (at(location) >= time) {
            return this;
        }
        if (location < ROOM) {
            int[] changed = Arrays.copyOf(first, Math.max(first.length, location + 1));
            changed[location] = time;
            return new View(changed, further);
        }
        int chunk = (location >>> BITS) - 1;
        int[][] changed = Arrays.copyOf(further, Math.max(further.length, chunk + 1));
        Arrays.fill(changed, further.length, changed.length, ZERO);
        changed[chunk] = changed[chunk].clone();
        changed[chunk][location & ROOM - 1] = time;
        return new View(first, changed);
    }

    /** {@return the newer time of both, for each location} */
    View join(View other) {
        if (this == other) {
            return this;
        }
        int newer = compare(first, other.first);
        if (further != other.further && newer != (ONE | OTHER)) {
            newer |= compare(further, other.further);
        }
        if ((newer & OTHER) == 0) {
            return this;
        }
        return (newer & ONE) == 0 ? other : new View(join(first, other.first), join(further, other.further));
    }

    private static int compare(int[] one, int[] other) {
        if (one == other) {
            return 0;
        }
        int common = Math.min(one.length, other.length);
        int newer = (one.length > common ? ONE : 0) | (other.length > common ? OTHER : 0);
        for (int i = 0; i < common; i++) {
            newer |= one[i] > other[i] ? ONE : 0;
            newer |= one[i] < other[i] ? OTHER : 0;
        }
        return newer;
    }

    private static int compare(int[][] one, int[][] other) {
        int common = Math.min(one.length, other.length);
        int newer = (one.length > common ? ONE : 0) | (other.length > common ? OTHER : 0);
        for (int i = 0; i < common && newer != (ONE | OTHER); i++) {
            newer |= compare(one[i], other[i]);
        }
        return newer;
    }

    private static int[] join(int[] one, int[] other) {
        int[] longer = one.length >= other.length ? one : other;
        int[] shorter = longer == one ? other : one;
        int[] joined = longer.clone();
        for (int i = 0; i < shorter.length; i++) {
            joined[i] = Math.max(longer[i], shorter[i]);
        }
        return joined;
    }

    private static int[][] join(int[][] one, int[][] other) {
        if (one == other) {
            return one;
        }
        int[][] longer = one.length >= other.length ? one : other;
        int[][] shorter = longer == one ? other : one;
        int[][] joined = longer.clone();
        for (int i = 0; i < shorter.length; i++) {
            int newer = compare(longer[i], shorter[i]);
            joined[i] = (newer & OTHER) == 0 ? longer[i] : (newer & ONE) == 0 ? shorter[i]
                    : join(longer[i], shorter[i]);
        }
        return joined;
    }

    /** Appends the ranks of the messages that this view names, without zeros at the end. */
    void key(StateKey key, Memory memory) {
        int length = further.length == 0 ? first.length : further.length + 1 << BITS;
        while (length > 0 && at(length - 1) == 0) {
            length--;
        }
        key.add(length);
        for (int i = 0; i < length; i++) {
            key.add(memory.history(i).rank(at(i)));
        }
    }
}
