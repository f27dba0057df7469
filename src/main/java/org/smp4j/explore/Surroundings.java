package org.smp4j.explore;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;

/** What a run of the scenario finds around it, the same in every run of the same schedule: hash codes, views of collections, its own size. */
final class Surroundings {
    int[] reductions = {};
    final Inherited inherited = new Inherited();
    private int[] reducible = {};
    private int reducibleCount;
    private Ids hashes;
    private Map<Object, Object> roots;
    private final Map<Thread, Boolean> daemons = new IdentityHashMap<>();
    // Threads that were interrupted before they were started.
    private final Map<Thread, Boolean> interrupted = new IdentityHashMap<>();
    // Threads that have ended and left their number to others.
    private final Map<Thread, Boolean> retired = new IdentityHashMap<>();
    Thread.UncaughtExceptionHandler defaultHandler;

    void begin() {
        inherited.begin();
        reducibleCount = 0;
        hashes = null;
        roots = null;
        if (!daemons.isEmpty()) {
            daemons.clear();
        }
        if (!interrupted.isEmpty()) {
            interrupted.clear();
        }
        if (!retired.isEmpty()) {
            retired.clear();
        }
        defaultHandler = null;
    }

    void interruptBeforeStart(Thread thread) {
        interrupted.put(thread, true);
    }

    boolean isInterruptedBeforeStart(Thread thread) {
        return !interrupted.isEmpty() && interrupted.containsKey(thread);
    }

    void retire(Thread thread, boolean wasInterrupted) {
        retired.put(thread, true);
        if (wasInterrupted) {
            interruptBeforeStart(thread);
        }
    }

    boolean isRetired(Thread thread) {
        return !retired.isEmpty() && retired.containsKey(thread);
    }

    /** {@return what is to be told of a thread that ends with something thrown; null if nothing is} */
    Thread.UncaughtExceptionHandler handlerOf(Thread thread) {
        Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler(); // it was never started: its own or its group
        return handler == null || handler.getClass() == ThreadGroup.class ? defaultHandler : handler;
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
