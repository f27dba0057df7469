package org.smp4j.explore.environment;

import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;

/**
 * Numbers objects, by class and in the order of first use: the numbers are the same in every run of the same schedule.
 */
public final class ObjectNumbers {
    private final Map<Object, Integer> ids = new IdentityHashMap<>();
    private final Map<Class<?>, Integer> counts = new HashMap<>();

    /** {@return the number of an object among those of its class, from 0} */
    public int idOf(Object object) {
        Integer known = ids.get(object);
        if (known == null) {
            known = counts.merge(object.getClass(), 1, Integer::sum) - 1;
            ids.put(object, known);
        }
        return known;
    }

    /** Forgets all numbers. */
    public void clear() {
        if (!ids.isEmpty()) {
            ids.clear();
            counts.clear();
        }
    }
}
