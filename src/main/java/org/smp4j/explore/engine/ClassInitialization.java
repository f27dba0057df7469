package org.smp4j.explore.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.smp4j.explore.model.Sites;
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
    // The classes that class loaders of the program have defined in this run.
    private final Map<Class<?>, State> fresh = new IdentityHashMap<>();
    private final Set<String> freshNames = new HashSet<>();
    // How many calls of the JVM the running strand is within: of a class loader of the program, or of an initializer.
    private int calls;

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
        calls = 0;
        if (!freshNames.isEmpty()) {
            fresh.clear();
            freshNames.clear();
        }
    }

    /** A class loader of the program defines a class. */
    public void defines(String name) {
        freshNames.add(name);
    }

    /** {@return whether a number is that of a field of a class that a class loader of the program has defined} */
    public boolean isOfFresh(int field) {
        if (freshNames.isEmpty()) {
            return false;
        }
        String name = Sites.fieldName(field);
        return freshNames.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
    }

    /**
     * The JVM calls code of the program in the middle of an instruction: it asks a class loader of the program for a
     * class, or initializes what such a loader has defined. Its call can't be left and resumed, so the code makes no
     * steps.
     */
    public void begins() {
        calls++;
    }

    /** Ends {@link #begins}. */
    public void ends() {
        calls--;
    }

    /** {@return whether the running strand is within such a call} */
    public boolean isCalled() {
        return calls > 0;
    }

    /**
     * Whether a strand that makes no steps passes a lock: within a call of the JVM, as long as there is no other
     * strand, or in a run that does not count. Else the exploration ends, as no search would try another order.
     */
    public boolean passes(LiveStrand strand, int site, Object lock) {
        if (calls == 0) {
            return false;
        }
        if (x.count > 1 && !x.refusal.hasLearned() && !x.blocking.holds(strand, lock)) {
            x.refusal.of(strand, "a lock in code that the JVM calls to load or initialize a class,", site);
        }
        return true;
    }

    /** {@return whether the strand must initialize the class, of which this may be the first use} */
    public boolean initializes(LiveStrand strand, int id, int site) {
        State state = id < states.length ? states[id] : null;
        return (state == null || state.run != run || !state.seen.has(strand)) && firstUse(strand, stateOf(id), site);
    }

    /** As {@link #initializes(LiveStrand, int, int)}, for a class that a class loader of the program has defined. */
    public boolean initializes(LiveStrand strand, Class<?> type, int site) {
        return firstUse(strand, stateOf(type), site);
    }

    private State stateOf(Class<?> type) {
        return fresh.computeIfAbsent(type, _ -> new State(type.getName()));
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

    private boolean firstUse(LiveStrand strand, State state, int site) {
        if (state.seen.has(strand)) {
            return false;
        }
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
        ends(strand, stateOf(id), site, thrown);
    }

    /** As {@link #ends(LiveStrand, int, int, Throwable)}, for a class of a class loader of the program. */
    public void ends(LiveStrand strand, Class<?> type, int site, Throwable thrown) {
        ends(strand, stateOf(type), site, thrown);
    }

    private void ends(LiveStrand strand, State state, int site, Throwable thrown) {
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
