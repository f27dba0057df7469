package org.smp4j.explore.hooks;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds collections whose order differs from run to run. The order of a hash table follows from the hash codes of its
 * keys; keys that do not override {@code hashCode} get an identity hash code from the JVM, which is another one in each
 * run.
 */
final class HashOrder {
    private HashOrder() {
    }

    /** {@return whether iteration over a collection may visit its elements in another order in the next run} */
    static boolean isChance(Object collection) {
        Collection<?> keys = keys(collection);
        if (keys == null || keys.size() < 2) {
            return false;
        }
        boolean byIdentity = collection instanceof IdentityHashMap;
        for (Object key : keys) {
            boolean lasts = key == null || key instanceof Class || key instanceof Enum;
            if (!lasts && (byIdentity || Shims.hashesByIdentity(key))) {
                return true;
            }
        }
        return false;
    }

    /** {@return whether a collection orders its elements itself, whatever the order in which they are added} */
    static boolean makes(Object collection) {
        return keys(collection) != null || collection instanceof SortedMap || collection instanceof SortedSet;
    }

    private static Collection<?> keys(Object collection) {
        return switch (collection) {
            case LinkedHashMap<?, ?> _, LinkedHashSet<?> _ -> null;
            case HashSet<?> set -> set;
            case Map<?, ?> map when map instanceof HashMap || map instanceof Hashtable
                    || map instanceof ConcurrentHashMap || map instanceof IdentityHashMap -> map.keySet();
            case Set<?> set when set instanceof ConcurrentHashMap.KeySetView -> set;
            default -> null;
        };
    }
}
