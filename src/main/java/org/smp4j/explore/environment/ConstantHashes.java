package org.smp4j.explore.environment;

import java.util.Collection;
import java.util.Collections;
import java.util.Set;
import java.util.Spliterator;
import java.util.WeakHashMap;

/**
 * Gives enum constants and classes of explored programs identity hash codes that lead to the same bucket of a hash
 * table in each JVM. Their {@code hashCode} is final, and programs share the objects with the JDK, so it has to be the
 * JVM's.
 *
 * <p>HotSpot draws identity hash codes from a generator of the calling thread: Marsaglia's xorshift of four words. This
 * class draws for objects of its own until the next one would be a fitting one, and then for the constant. Where a JVM
 * draws in another way, the constant stays without such a hash code.
 */
public final class ConstantHashes {
    /** A hash table with at most so many buckets has the same order in each JVM. */
    private static final int BUCKETS = 256;
    private static final int TREE_BUCKETS = 64; // a table with so many may have trees as buckets
    private static final int TREE_KEYS = 3; // a tree with fewer has become a list again
    private static final int MOST_DRAWS = 10_000;
    private static final int KEPT = 8;
    // The JVM drops the highest bit of each word. The next word depends on that of the last and of the fourth to last
    // one; the latter is known by a bit of the third to last one.
    private static final int UNKNOWN = 1 << 31 | 1 << 12;
    private static final int TELLING = 12;
    private static final int LOST = 31;

    private static final Set<Object> SETTLED = Collections.synchronizedSet(
            Collections.newSetFromMap(new WeakHashMap<>()));

    private final int[] drawn = new int[KEPT];
    private int count;

    private ConstantHashes() {
    }

    /**
     * Gives a constant its hash code, unless it has one already.
     *
     * @param constant an enum constant or a class
     */
    public static void settle(Object constant) {
        if (new ConstantHashes().draw(constant)) {
            SETTLED.add(constant);
        }
    }

    /**
     * {@return whether a hash table of the JDK that holds enum constants or classes may have another order in another
     * JVM}
     *
     * @param keys its keys: constants, and others whose hash codes are the same in each JVM
     */
    public static boolean dependOnJvm(Collection<?> keys) {
        int buckets = 1;
        Spliterator<?> half = keys.spliterator(); // of a hash table: it halves the range of its buckets
        while (buckets <= BUCKETS && half.trySplit() != null) {
            buckets *= 2;
        }
        if (buckets > BUCKETS) {
            return true;
        }
        int[] filled = new int[buckets];
        int most = 0;
        int others = 0; // in any bucket: asking for their hash codes would run the program's code
        for (Object key : keys) {
            if (!isConstant(key)) {
                others++;
            } else if (SETTLED.contains(key)) {
                most = Math.max(most, ++filled[bucket(key.hashCode()) & buckets - 1]);
            } else {
                return true;
            }
        }
        return buckets >= TREE_BUCKETS && most + others >= TREE_KEYS;
    }

    /**
     * {@return whether an object has an identity hash code that it keeps from run to run}
     *
     * @param object any object, or null
     */
    public static boolean isConstant(Object object) {
        return object instanceof Enum || object instanceof Class;
    }

    /** The bucket in a table of {@link #BUCKETS}, as {@code HashMap} finds it. */
    private static int bucket(int hash) {
        return (hash ^ hash >>> 16) & BUCKETS - 1;
    }

    /**
     * {@return the hash code that a program sees, the same in each JVM}
     *
     * @param constant an enum constant or a class
     */
    public static int of(Object constant) {
        String name = constant instanceof Enum<?> one ? one.getDeclaringClass().getName() + "." + one.name()
                : ((Class<?>) constant).getName();
        return name.hashCode() * 0x9E3779B9;
    }

    private boolean draw(Object constant) {
        int wanted = bucket(of(constant));
        for (int i = 0; i < MOST_DRAWS; i++) {
            drawn[count++ % KEPT] = System.identityHashCode(new Object());
            int next = i < KEPT ? 0 : next();
            if (i >= KEPT && bucket(next & ~UNKNOWN) == wanted) {
                int hash = System.identityHashCode(constant);
                return ((hash ^ next) & ~UNKNOWN) == 0;
            }
        }
        return false;
    }

    /** {@return the hash code that comes next, but for the bits that are unknown} */
    private int next() {
        int withoutLost = after(last(6), last(3)) ^ last(2);
        return after(last(3) | (withoutLost >>> TELLING & 1) << LOST, last(0));
    }

    private int last(int back) {
        return drawn[(count - 1 - back) % KEPT];
    }

    private static int after(int fourth, int last) {
        int mixed = fourth ^ fourth << 11;
        return last ^ last >>> 19 ^ mixed ^ mixed >>> 8;
    }
}
