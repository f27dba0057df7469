package org.smp4j.trace;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import org.smp4j.lib.Symbol;

/**
 * Numbers for functions, so that an event holds no reference. A function that has no name of its own counts as its
 * class. Finding a number takes no lock and allocates nothing; only the first event of a function does.
 */
final class Symbols {
    /*
     * An open hash table by identity. Why a reader needs no lock: a slot is written once, its number before its key,
     * and the key is published with release. A reader that sees no key takes the lock and looks again.
     */
    private static final VarHandle KEYS = MethodHandles.arrayElementVarHandle(Object[].class);
    private static final int SIZE = 1 << 13;
    private static final int MOST = SIZE * 3 / 4;

    // Written by: a CPU that meets a new function, under the lock. Read by: all CPUs.
    // Ordering: release and acquire, after the number of the same slot.
    private final Object[] keys = new Object[SIZE];
    // Written by: as keys, before the key. Read by: all CPUs, after the key. Ordering: that of the key.
    private final int[] numbers = new int[SIZE];
    private final List<String> names = new ArrayList<>(List.of("0x0")); // guarded by this

    /** {@return the number of a function or a reason; 0 for null} */
    int of(Object function) {
        if (function == null) {
            return 0;
        }
        Object key = function instanceof String || function instanceof Symbol.Named ? function : function.getClass();
        int slot = find(key);
        return slot >= 0 ? numbers[slot] : add(key, function);
    }

    private int find(Object key) {
        int slot = System.identityHashCode(key) & SIZE - 1;
        for (Object there; (there = KEYS.getAcquire(keys, slot)) != null; slot = slot + 1 & SIZE - 1) {
            if (there == key) {
                return slot;
            }
        }
        return ~slot;
    }

    private synchronized int add(Object key, Object function) {
        int slot = find(key);
        if (slot >= 0) {
            return numbers[slot];
        }
        if (names.size() >= MOST) { // of so many functions, the later ones bear the names of their classes
            Object type = function.getClass();
            int known = find(type);
            if (known >= 0) {
                return numbers[known];
            }
            if (names.size() >= MOST + SIZE / 8) {
                return 0;
            }
            return put(~known, type, Symbol.ps(type.toString().substring(type.toString().lastIndexOf('.') + 1)));
        }
        return put(~slot, key, function instanceof String text ? text : Symbol.ps(function).replaceAll("\\s", "_"));
    }

    private int put(int slot, Object key, String name) {
        numbers[slot] = names.size();
        names.add(name);
        KEYS.setRelease(keys, slot, key); // pairs with the acquire in find
        return numbers[slot];
    }

    /** {@return the name of a function by its number; null for 0} */
    synchronized String name(int number) {
        return number == 0 ? null : names.get(number);
    }
}
