package org.smp4j.explore.environment;

import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.model.ObjectNumbers;
import org.smp4j.explore.run.Strand;

/**
 * What a run of the scenario finds around it, the same in every run of the same schedule: hash codes, views of
 * collections, its own size.
 */
public final class Environment {
    public int[] reductions = {};
    public final InheritedLocals inherited = new InheritedLocals();
    private int[] reducible = {};
    private int reducibleCount;
    private ObjectNumbers hashes;
    private Map<Object, Object> roots;
    private final Map<Thread, Boolean> daemons = new IdentityHashMap<>();
    // Threads that were interrupted before they were started.
    private final Map<Thread, Boolean> interrupted = new IdentityHashMap<>();
    // Threads that have ended and left their number to others.
    private final Map<Thread, Boolean> retired = new IdentityHashMap<>();
    public Thread.UncaughtExceptionHandler defaultHandler;

    public void begin() {
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

    public void interruptBeforeStart(Thread thread) {
        interrupted.put(thread, true);
    }

    public boolean isInterruptedBeforeStart(Thread thread) {
        return !interrupted.isEmpty() && interrupted.containsKey(thread);
    }

    public void retire(Thread thread, boolean wasInterrupted) {
        retired.put(thread, true);
        if (wasInterrupted) {
            interruptBeforeStart(thread);
        }
    }

    public boolean isRetired(Thread thread) {
        return !retired.isEmpty() && retired.containsKey(thread);
    }

    /** {@return what is to be told of a thread that ends with something thrown; null if nothing is} */
    public Thread.UncaughtExceptionHandler handlerOf(Thread thread) {
        // it was never started: its own or its group
        Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
        return handler == null || handler.getClass() == ThreadGroup.class ? defaultHandler : handler;
    }

    public void setDaemon(Thread thread, boolean on) {
        daemons.put(thread, on);
    }

    public boolean isDaemon(Thread thread, Strand maker) {
        return daemons.isEmpty() ? maker.isDaemon() : daemons.getOrDefault(thread, maker.isDaemon());
    }

    /** How much smaller the scenario shall be than it is: asked by it, answered by who shrinks. */
    public int reduce(int most) {
        if (reducible.length == reducibleCount) {
            reducible = Arrays.copyOf(reducible, reducibleCount + 4);
        }
        reducible[reducibleCount] = most;
        int index = reducibleCount++;
        return index < reductions.length ? Math.min(most, reductions[index]) : 0;
    }

    /** {@return by how much the scenario could have been smaller, for each time it asked} */
    public int[] reducible() {
        return Arrays.copyOf(reducible, reducibleCount);
    }

    /** A step on a view, or with an iterator, is one on what it looks at. */
    public void view(Object view, Object of) {
        if (roots == null) {
            roots = new IdentityHashMap<>();
        }
        roots.put(view, rootOf(of));
    }

    public Object rootOf(Object object) {
        return roots == null ? object : roots.getOrDefault(object, object);
    }

    public int identityHash(Object object) {
        if (hashes == null) {
            hashes = new ObjectNumbers();
        }
        return 31 * Names.simple(object.getClass()).hashCode() + hashes.idOf(object);
    }
}
