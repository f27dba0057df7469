package org.smp4j.explore.environment;

import java.util.Arrays;
import java.util.Collections;
import java.util.Enumeration;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.Spliterator;
import java.util.stream.BaseStream;
import org.smp4j.explore.model.Names;
import org.smp4j.explore.run.Strand;

/**
 * The surroundings of a run that are the same in every run of the same schedule: identity hash codes, views of
 * collections, daemon and interrupt flags of threads, the scenario's size.
 */
public final class Environment {
    /** How much smaller each of the scenario's sizes is in this run, in the order in which it asks. */
    public int[] reductions = {};
    /** The inheritable thread locals of threads that have not started. */
    public final InheritedLocals inherited = new InheritedLocals();
    private int[] reducible = {};
    private int reducibleCount;
    private ObjectNumbers hashes;
    private Map<Object, Object> roots;
    private Map<Object, Strand> users; // of iterators and streams
    private final Map<Thread, Boolean> daemons = new IdentityHashMap<>();
    // Threads that another one interrupted before they were started.
    private final Map<Thread, Boolean> interrupted = new IdentityHashMap<>();
    // Threads that have ended; other strands may have taken over their numbers.
    private final Map<Thread, Boolean> retired = new IdentityHashMap<>();
    // Threads whose own run method does nothing, with what they run.
    private final Map<Thread, Runnable> tasks = new IdentityHashMap<>();
    // Builders of threads that were told whether these are daemons.
    private final Map<Thread.Builder, Boolean> builders = new IdentityHashMap<>();
    /** The threads that start when all others have ended, in the order in which they were registered. */
    public final Set<Thread> shutdownHooks = Collections.newSequencedSetFromMap(new LinkedHashMap<>());
    /** Whether these have started. */
    public boolean shutsDown;
    /** The default handler that the scenario has set; null for none. */
    public Thread.UncaughtExceptionHandler defaultHandler;

    /** Forgets the run before. */
    public void begin() {
        inherited.begin();
        reducibleCount = 0;
        hashes = null;
        roots = null;
        users = null;
        if (!daemons.isEmpty()) {
            daemons.clear();
        }
        if (!interrupted.isEmpty()) {
            interrupted.clear();
        }
        if (!retired.isEmpty()) {
            retired.clear();
        }
        if (!tasks.isEmpty()) {
            tasks.clear();
        }
        if (!builders.isEmpty()) {
            builders.clear();
        }
        if (!shutdownHooks.isEmpty()) {
            shutdownHooks.clear();
        }
        shutsDown = false;
        defaultHandler = null;
    }

    /** A builder has made a thread; {@code daemon} is null if the builder was not told. */
    public void built(Thread thread, Runnable task, Boolean daemon) {
        if (thread.isVirtual()) {
            tasks.put(thread, task);
        } else if (daemon != null) {
            daemons.put(thread, daemon);
        }
    }

    /** {@return what a virtual thread runs; null for another thread} */
    public Runnable taskOf(Thread thread) {
        return tasks.isEmpty() ? null : tasks.get(thread);
    }

    /** Notes whether the threads of a builder are to be daemons. */
    public void makesDaemons(Thread.Builder builder, boolean on) {
        builders.put(builder, on);
    }

    /** {@return whether the threads of a builder are to be daemons; null if it was not told} */
    public Boolean makesDaemons(Thread.Builder builder) {
        return builders.get(builder);
    }

    /** Notes that a thread was interrupted before it was started. */
    public void interruptBeforeStart(Thread thread) {
        interrupted.put(thread, true);
    }

    /** {@return whether a thread is interrupted that has not started} */
    public boolean isInterruptedBeforeStart(Thread thread) {
        return !interrupted.isEmpty() && interrupted.containsKey(thread);
    }

    /** A thread has ended and gives up its number; its interrupt flag stays. */
    public void retire(Thread thread, boolean wasInterrupted) {
        retired.put(thread, true);
        if (wasInterrupted) {
            interruptBeforeStart(thread);
        }
    }

    /** {@return whether a thread has ended and given up its number} */
    public boolean isRetired(Thread thread) {
        return !retired.isEmpty() && retired.containsKey(thread);
    }

    /** {@return the handler for an exception that ends a thread; null if there is none} */
    public Thread.UncaughtExceptionHandler handlerOf(Thread thread) {
        // the real thread was never started: this is its own handler or its group
        Thread.UncaughtExceptionHandler handler = thread.getUncaughtExceptionHandler();
        return handler == null || handler.getClass() == ThreadGroup.class ? defaultHandler : handler;
    }

    /** Notes what the scenario has said of a thread. */
    public void setDaemon(Thread thread, boolean on) {
        daemons.put(thread, on);
    }

    /** {@return whether a thread is a daemon: as the scenario has said, else as its maker is} */
    public boolean isDaemon(Thread thread, Strand maker) {
        if (thread.isVirtual()) {
            return true;
        }
        return daemons.isEmpty() ? maker.isDaemon() : daemons.getOrDefault(thread, maker.isDaemon());
    }

    /** The scenario asks how much smaller than usual it should be; shrinking sets the answer. */
    public int reduce(int most) {
        if (reducible.length == reducibleCount) {
            reducible = Arrays.copyOf(reducible, reducibleCount + 4);
        }
        reducible[reducibleCount] = most;
        int index = reducibleCount++;
        return index < reductions.length ? Math.min(most, reductions[index]) : 0;
    }

    /** {@return for each time the scenario asked, by how much it could have been smaller} */
    public int[] reducible() {
        return Arrays.copyOf(reducible, reducibleCount);
    }

    /** Notes that a step on a view or an iterator counts as a step on its collection. */
    public void view(Object view, Object of) {
        if (roots == null) {
            roots = new IdentityHashMap<>();
        }
        roots.put(view, rootOf(of));
    }

    /** {@return whether no other strand has used a view, if it is an iterator or a stream, which a strand uses now} */
    public boolean isOnlyUser(Object view, Strand strand) {
        if (!(view instanceof Iterator || view instanceof Enumeration || view instanceof Spliterator
                || view instanceof BaseStream)) {
            return true;
        }
        if (users == null) {
            users = new IdentityHashMap<>();
        }
        Strand first = users.putIfAbsent(view, strand);
        return first == null || first == strand;
    }

    /** {@return the collection of a view or an iterator; any other object itself} */
    public Object rootOf(Object object) {
        return roots == null ? object : roots.getOrDefault(object, object);
    }

    /**
     * {@return the identity hash code of an object in this run, from the order in which the run asks for hash codes}
     */
    public int identityHash(Object object) {
        if (hashes == null) {
            hashes = new ObjectNumbers();
        }
        return 31 * Names.simple(object.getClass()).hashCode() + hashes.idOf(object);
    }
}
