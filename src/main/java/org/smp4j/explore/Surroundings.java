package org.smp4j.explore;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/** What a run of the scenario finds around it, the same in every run of the same schedule: hash codes, views of collections, its own size. */
final class Surroundings {
    int[] reductions = {};
    private int[] reducible = {};
    private int reducibleCount;
    private Ids hashes;
    private Map<Object, Object> roots;
    private final Map<Thread, Boolean> daemons = new IdentityHashMap<>();

    void begin() {
        reducibleCount = 0;
        hashes = null;
        roots = null;
        if (!daemons.isEmpty()) {
            daemons.clear();
        }
    }

    void setDaemon(Thread thread, boolean on) {
        daemons.put(thread, on);
    }

    boolean isDaemon(Thread thread, Strand maker) {
        return daemons.isEmpty() ? maker.daemon : daemons.getOrDefault(thread, maker.daemon);
    }

    /** How much smaller the scenario shall be than it is: asked by it, answered by who shrinks. */
    int reduce(int most) {
        if (reducible.length == reducibleCount) {
            reducible = Arrays.copyOf(reducible, reducibleCount + 4);
        }
        reducible[reducibleCount] = most;
        int index = reducibleCount++;
        return index < reductions.length ? Math.min(most, reductions[index]) : 0;
    }

    /** {@return by how much the scenario could have been smaller, for each time it asked} */
    int[] reducible() {
        return Arrays.copyOf(reducible, reducibleCount);
    }

    /** A step on a view, or with an iterator, is one on what it looks at. */
    void view(Object view, Object of) {
        if (roots == null) {
            roots = new IdentityHashMap<>();
        }
        roots.put(view, rootOf(of));
    }

    Object rootOf(Object object) {
        return roots == null ? object : roots.getOrDefault(object, object);
    }

    int identityHash(Object object) {
        if (hashes == null) {
            hashes = new Ids();
        }
        return 31 * Locations.simpleName(object.getClass()).hashCode() + hashes.idOf(object);
    }
}
