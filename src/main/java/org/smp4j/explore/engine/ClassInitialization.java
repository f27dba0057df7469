package org.smp4j.explore.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.smp4j.explore.run.StrandSet;

/**
 * The classes that a run has initialized. As in JLS 12.4.2 each has a lock, which the initializing strand holds until
 * it is done; other strands wait meanwhile. So two strands that initialize each other's class deadlock, and the writes
 * of an initializer happen before all uses.
 */
public final class ClassInitialization {
    private static final Map<String, Integer> IDS = new HashMap<>();
    private static final List<String> NAMES = new ArrayList<>();
    /** Classes that were initialized outside of an exploration. */
    private static final Set<Class<?>> OUTSIDE = Collections.synchronizedSet(
            Collections.newSetFromMap(new WeakHashMap<>()));

    /** One class in one run; in reports its lock has the class's name. */
    static final class State {
        final String name;
        private int run;
        // Strands that have seen the class initialized.
        private final StrandSet seen = new StrandSet();
        private boolean done;
        private Throwable failed;

        State(String name) {
            this.name = name;
        }
    }

    private final Execution x;
    private State[] states = {};
    private int run;

    ClassInitialization(Execution x) {
        this.x = x;
    }

    /**
     * The number of a class that each run initializes.
     *
     * @param name its binary name
     * @return its number, the same each time it is loaded
     */
    public static synchronized int idOf(String name) {
        return IDS.computeIfAbsent(name, _ -> {
            NAMES.add(name);
            return NAMES.size() - 1;
        });
    }

    private static synchronized String nameOf(int id) {
        return NAMES.get(id);
    }

    void begin() {
        run++;
    }

    /** {@return whether the strand must initialize the class, of which this may be the first use} */
    public boolean initializes(LiveStrand strand, int id, int site) {
        State state = id < states.length ? states[id] : null;
        return (state == null || state.run != run || !state.seen.has(strand)) && firstUse(strand, id, site);
    }

    private State stateOf(int id) {
        if (id >= states.length) {
            states = Arrays.copyOf(states, Math.max(id + 1, 2 * states.length));
        }
        if (states[id] == null) {
            states[id] = new State(nameOf(id));
        }
        State state = states[id];
        if (state.run != run) {
            state.run = run;
            state.seen.clear();
            state.done = false;
            state.failed = null;
        }
        return state;
    }

    private boolean firstUse(LiveStrand strand, int id, int site) {
        State state = stateOf(id);
        if (strand.quiet != 0) {
            if (x.blocking.isTaken(strand, state)) {
                x.refusal.of(strand, "a use of " + state.name
                        + ", which another thread initializes just then, in what the JDK calls back,", site);
            }
        } else if (state.done) {
            x.blocking.see(strand, site, state);
        } else {
            x.blocking.lock(strand, site, state);
            if (state.done) { // meanwhile
                x.blocking.letGo(state);
            }
        }
        if (state.failed != null) {
            throw new NoClassDefFoundError("Could not initialize class " + state.name);
        }
        state.seen.add(strand);
        return !state.done;
    }

    /** The initializer has returned or thrown. */
    public void ends(LiveStrand strand, int id, int site, Throwable thrown) {
        State state = stateOf(id);
        if (thrown != null) {
            state.failed = thrown;
            state.seen.clear();
        }
        if (strand.quiet == 0) {
            x.blocking.unlock(strand, site, state);
        }
        state.done = true; // from that step on, not before
    }

    /** As {@link #initializes}, outside of an exploration: true once for each class. */
    public static boolean initializesOutside(Class<?> type) {
        return OUTSIDE.add(type);
    }
}
