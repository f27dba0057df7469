package org.smp4j.explore.run;

import java.util.Arrays;
import org.smp4j.explore.model.Departures;
import org.smp4j.explore.model.Randomness;

/**
 * A set of strands. The first {@link #FEW} are the bits of one number, and a run without others does nothing more than
 * with such a number. Further ones are bits of words that are made when the first of them is added, and kept; so a set
 * that was used once allocates nothing.
 */
public class StrandSet {
    /** The number of strands that cost least: those with a {@link Strand#bit}. */
    public static final int FEW = 64;

    private static final long[] NONE = {};

    private long few;
    // By bit: the words that hold a strand; never the first one, whose strands are the few.
    private long used;
    private long[] words = NONE;

    /** {@return the bits of the first {@link #FEW} strands, for searches that explore no program with more} */
    public final long few() {
        return few;
    }

    /** {@return whether there is none} */
    public final boolean isEmpty() {
        return (few | used) == 0;
    }

    /** {@return whether it holds a strand} */
    public final boolean has(Strand strand) {
        return (few & strand.bit) != 0 || used != 0 && strand.id >= FEW && hasFurther(strand.id);
    }

    /** {@return whether it holds the strand with a number} */
    public final boolean has(int id) {
        return id < FEW ? (few >>> id & 1) != 0 : used != 0 && hasFurther(id);
    }

    private boolean hasFurther(int id) {
        return (used >>> (id >>> 6) & 1) != 0 && (words[id >>> 6] >>> id & 1) != 0;
    }

    /** Adds a strand. */
    public final void add(Strand strand) {
        few |= strand.bit;
        if (strand.id >= FEW) {
            addFurther(strand.id);
        }
    }

    /** Adds the strand with a number. */
    public final void add(int id) {
        if (id < FEW) {
            few |= 1L << id;
        } else {
            addFurther(id);
        }
    }

    private void addFurther(int id) {
        int word = id >>> 6;
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.min(Departures.MAX_STRANDS >>> 6, Math.max(word + 1, 2 * words.length)));
        }
        words[word] |= 1L << id;
        used |= 1L << word;
    }

    /** Removes a strand. */
    public final void remove(Strand strand) {
        few &= ~strand.bit;
        if (strand.id >= FEW) {
            removeFurther(strand.id);
        }
    }

    /** Removes the strand with a number. */
    public final void remove(int id) {
        if (id < FEW) {
            few &= ~(1L << id);
        } else {
            removeFurther(id);
        }
    }

    private void removeFurther(int id) {
        int word = id >>> 6;
        if (hasFurther(id)) {
            words[word] &= ~(1L << id);
            if (words[word] == 0) {
                used &= ~(1L << word);
            }
        }
    }

    /** Removes all. */
    public final void clear() {
        few = 0;
        if (used != 0) {
            used = 0;
            Arrays.fill(words, 0);
        }
    }

    /** {@return whether it holds this strand and no other} */
    public final boolean isOnly(Strand strand) {
        return few == strand.bit && (strand.id < FEW ? used == 0 : hasFurther(strand.id) && size() == 1);
    }

    /** {@return whether it holds more than one strand} */
    public final boolean isSeveral() {
        return (few & few - 1) != 0 || used != 0 && size() > 1;
    }

    /** {@return the number of strands} */
    public final int size() {
        int size = Long.bitCount(few);
        for (long left = used; left != 0; left &= left - 1) {
            size += Long.bitCount(words[Long.numberOfTrailingZeros(left)]);
        }
        return size;
    }

    /** {@return the first strand whose number is not below another number; -1 if there is none} */
    public final int next(int from) {
        if (from < FEW) {
            long left = few & -1L << from;
            if (left != 0) {
                return Long.numberOfTrailingZeros(left);
            }
        }
        return used == 0 ? -1 : nextFurther(Math.max(from, FEW));
    }

    private int nextFurther(int from) {
        int word = from >>> 6;
        if (word >= words.length) {
            return -1;
        }
        long left = words[word] & -1L << from;
        if (left == 0) {
            long later = used & ~(-1L >>> FEW - 1 - word);
            if (later == 0) {
                return -1;
            }
            word = Long.numberOfTrailingZeros(later);
            left = words[word];
        }
        return word << 6 | Long.numberOfTrailingZeros(left);
    }

    /** {@return the next strand after one, in turn; there is one} */
    public final int after(Strand strand) {
        int next = next(strand.id + 1);
        return next >= 0 ? next : next(0);
    }

    /** {@return the same, but strands of another set have a turn only if all are in that set} */
    public final int after(Strand strand, StrandSet last) {
        if ((used | last.used) != 0) {
            return afterFurther(strand, last);
        }
        long first = few & ~last.few;
        long menu = first != 0 ? first : few;
        long after = strand.id < FEW ? menu & ~(strand.bit | strand.bit - 1) : 0;
        return Long.numberOfTrailingZeros(after != 0 ? after : menu);
    }

    private int afterFurther(Strand strand, StrandSet last) {
        int later = nextWithout(strand.id + 1, last);
        int first = later >= 0 ? later : nextWithout(0, last);
        return first >= 0 ? first : after(strand);
    }

    private int nextWithout(int from, StrandSet others) {
        int id = next(from);
        while (id >= 0 && others.has(id)) {
            id = next(id + 1);
        }
        return id;
    }

    /** {@return the strand that has so many before it, in the order of their numbers} */
    public final int at(int index) {
        int id = next(0);
        for (int left = index; left > 0; left--) {
            id = next(id + 1);
        }
        return id;
    }

    /** {@return one of the strands, each equally likely} */
    public final int draw(Randomness random) {
        return used == 0 ? random.bitOf(few) : at(random.below(size()));
    }

    /** {@return the first strand that another set holds as well; -1 if there is none} */
    public final int common(StrandSet other) {
        long both = few & other.few;
        if (both != 0) {
            return Long.numberOfTrailingZeros(both);
        }
        for (long left = used & other.used; left != 0; left &= left - 1) {
            int word = Long.numberOfTrailingZeros(left);
            both = words[word] & other.words[word];
            if (both != 0) {
                return word << 6 | Long.numberOfTrailingZeros(both);
            }
        }
        return -1;
    }

    /** {@return whether another set holds all strands of this one} */
    public final boolean isWithin(StrandSet other) {
        if ((few & ~other.few) != 0 || (used & ~other.used) != 0) {
            return false;
        }
        for (long left = used; left != 0; left &= left - 1) {
            int word = Long.numberOfTrailingZeros(left);
            if ((words[word] & ~other.words[word]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** {@return whether another set holds the same strands} */
    public final boolean isSame(StrandSet other) {
        return few == other.few && used == other.used && (used == 0 || isWithin(other) && other.isWithin(this));
    }

    /** Makes this set hold the strands of another one. */
    public final void set(StrandSet other) {
        few = other.few;
        if ((used | other.used) != 0 && other != this) {
            long onlyFew = few;
            clear();
            few = onlyFew;
            addFurther(other);
        }
    }

    /** Adds all strands of another set. */
    public final void addAll(StrandSet other) {
        few |= other.few;
        if (other.used != 0) {
            addFurther(other);
        }
    }

    private void addFurther(StrandSet other) {
        for (int id = other.next(FEW); id >= 0; id = other.next(id + 1)) {
            addFurther(id);
        }
    }

    /** Removes all strands of another set. */
    public final void removeAll(StrandSet other) {
        few &= ~other.few;
        for (long left = used & other.used; left != 0; left &= left - 1) {
            int word = Long.numberOfTrailingZeros(left);
            words[word] &= ~other.words[word];
            if (words[word] == 0) {
                used &= ~(1L << word);
            }
        }
    }
}
