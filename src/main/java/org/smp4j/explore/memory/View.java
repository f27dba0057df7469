package org.smp4j.explore.memory;

import java.util.Arrays;

/**
 * What a strand or a message knows: for each location, by its number, the time of the oldest message that may still be
 * read. Immutable; an operation that changes nothing returns one of its operands.
 *
 * <p>A step changes few locations of several views of a run that may have a thousand. So the times stand in chunks,
 * which views share, and a chunk that two views share needs no look.
 */
final class View {
    private static final int BITS = 4;
    private static final int[] ZERO = new int[1 << BITS];

    static final View NONE = new View(new int[0][]);

    private final int[][] chunks;

    private View(int[][] chunks) {
        this.chunks = chunks;
    }

    /** {@return the time of the oldest readable message of a location} */
    int at(int location) {
        int chunk = location >>> BITS;
        return chunk < chunks.length ? chunks[chunk][location & ZERO.length - 1] : 0;
    }

    /** {@return this view, but with a time of at least the given one for a location} */
    View with(int location, int time) {
        if (at(location) >= time) {
            return this;
        }
        int chunk = location >>> BITS;
        int[][] changed = Arrays.copyOf(chunks, Math.max(chunks.length, chunk + 1));
        Arrays.fill(changed, chunks.length, changed.length, ZERO);
        changed[chunk] = changed[chunk].clone();
        changed[chunk][location & ZERO.length - 1] = time;
        return new View(changed);
    }

    /** {@return the newer time of both, for each location} */
    View join(View other) {
        if (other.isWithin(this)) {
            return this;
        }
        if (isWithin(other)) {
            return other;
        }
        int[][] longer = chunks.length >= other.chunks.length ? chunks : other.chunks;
        int[][] shorter = longer == chunks ? other.chunks : chunks;
        int[][] joined = longer.clone();
        for (int i = 0; i < shorter.length; i++) {
            joined[i] = join(longer[i], shorter[i]);
        }
        return new View(joined);
    }

    private static int[] join(int[] one, int[] other) {
        if (isWithin(other, one)) {
            return one;
        }
        if (isWithin(one, other)) {
            return other;
        }
        int[] joined = new int[ZERO.length];
        for (int i = 0; i < joined.length; i++) {
            joined[i] = Math.max(one[i], other[i]);
        }
        return joined;
    }

    private boolean isWithin(View other) {
        if (this == other) {
            return true;
        }
        for (int i = 0; i < chunks.length; i++) {
            if (!isWithin(chunks[i], i < other.chunks.length ? other.chunks[i] : ZERO)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isWithin(int[] times, int[] others) {
        if (times == others) {
            return true;
        }
        for (int i = 0; i < times.length; i++) {
            if (times[i] > others[i]) {
                return false;
            }
        }
        return true;
    }

    /** Appends the ranks of the messages that this view names, without zeros at the end. */
    void key(StateKey key, Memory memory) {
        int length = chunks.length << BITS;
        while (length > 0 && at(length - 1) == 0) {
            length--;
        }
        key.add(length);
        for (int i = 0; i < length; i++) {
            key.add(memory.history(i).rank(at(i)));
        }
    }
}
