package org.smp4j.explore.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.smp4j.explore.model.Sites;
import org.smp4j.explore.run.Wait;

/**
 * The keys of maps whose values a function is computing, atomically as in {@code ConcurrentHashMap}: a write to such a
 * key waits, a read sees the old value. The model puts every key into a bin of its own. The real map is never locked
 * while another strand can step.
 */
public final class KeyLocks {
    private record Taken(Object map, Object key, LiveStrand owner) {
    }

    private static final int ORDER = Sites.field("order");

    private final Execution x;
    // The object that stands for each key of a map in the happens-before order; equal keys share one.
    private final Map<Object, Map<Object, Object>> names = new IdentityHashMap<>();
    private final List<Taken> taken = new ArrayList<>();
    /** Whether a function is computing a value. */
    public boolean any;

    KeyLocks(Execution x) {
        this.x = x;
    }

    void begin() {
        any = false;
        if (!taken.isEmpty()) {
            taken.clear();
        }
        if (!names.isEmpty()) {
            names.clear();
        }
    }

    /**
     * A step that changes the value of a map's key, or reads it to do so; it waits while a function computes the value.
     */
    public void access(LiveStrand strand, Object map, Object key, boolean ifAbsent, int field, int site, int mode) {
        if (any) {
            mustNotOwn(strand, map, site);
        }
        if (x.count == 1 && x.unwatched) {
            x.plainSteps.access(strand, map, field, site, mode);
            return;
        }
        x.announce(strand, site, x.locations.find(map, field, site), mode);
        strand.map = map;
        strand.key = key;
        strand.ifAbsent = ifAbsent;
        if (any && ownerOf(strand) != null) {
            x.disable(strand, Wait.KEY, Long.MAX_VALUE);
        }
        x.decide(strand);
        strand.map = null;
        if (x.releases.any) {
            x.plainSteps.use(strand, map, site);
        }
        x.perform(strand);
    }

    /**
     * One key does not order uses of another: a strand that changes a key is ordered after the last change of that key
     * and of the whole map. A strand that only reads is ordered after all changes of the map; that is more than the JDK
     * promises.
     */
    public void sees(LiveStrand strand, Object map, Object key) {
        if (x.plainSteps.orders() && x.count > 1) {
            x.plainSteps.sees(strand, orderOf(map, key));
            x.plainSteps.sees(strand, x.locations.find(map, ORDER));
        }
    }

    /** Publishes a change of one key. */
    public void publish(LiveStrand strand, Object map, Object key) {
        if (x.plainSteps.orders() && x.count > 1) {
            x.plainSteps.publish(strand, orderOf(map, key));
        }
    }

    /** Publishes a change of the whole map. */
    public void publish(LiveStrand strand, Object map) {
        if (x.plainSteps.orders() && x.count > 1) {
            x.plainSteps.publish(strand, x.locations.find(map, ORDER));
        }
    }

    private LiveLocation orderOf(Object map, Object key) {
        LiveStrand running = Execution.running;
        running.quiet++;
        try {
            return x.locations.find(names.computeIfAbsent(map, _ -> new HashMap<>())
                    .computeIfAbsent(key, _ -> new Object()), ORDER);
        } finally {
            running.quiet--;
        }
    }

    /** The strand begins to compute the value of a key. */
    public void take(LiveStrand strand, Object map, Object key) {
        taken.add(new Taken(map, key, strand));
        any = true;
        for (int i = 0; i < x.count; i++) {
            LiveStrand other = x.strands[i];
            if (other != strand && other.map == map && ownerOf(other) != null) {
                x.disable(other, Wait.KEY, Long.MAX_VALUE);
            }
        }
    }

    /** The step that changes the map, if the function has made steps of its own. */
    public void end(LiveStrand strand, Object map, int field, int site, int mode) {
        x.plainSteps.access(strand, map, field, site, mode);
    }

    /** The strand has computed the value. */
    public void release(LiveStrand strand, Object map) {
        taken.removeIf(held -> held.map == map && held.owner == strand);
        any = !taken.isEmpty();
        for (int i = 0; i < x.count; i++) {
            LiveStrand other = x.strands[i];
            if (other.wait == Wait.KEY && other.map == map && ownerOf(other) == null) {
                x.wake(other);
            }
        }
    }

    /** {@return the strand that computes the value that this strand waits for} */
    LiveStrand owner(LiveStrand strand) {
        return ownerOf(strand);
    }

    /**
     * The strand that computes the value that this strand's next step needs; a call that only adds a missing value
     * reads an existing one without a lock.
     */
    private LiveStrand ownerOf(LiveStrand strand) {
        LiveStrand running = Execution.running;
        running.quiet++; // keys are compared by their own methods
        try {
            for (Taken held : taken) {
                if (held.map == strand.map && held.owner != strand && held.key.equals(strand.key)) {
                    return strand.ifAbsent && ((Map<?, ?>) held.map).get(held.key) != null ? null : held.owner;
                }
            }
            return null;
        } finally {
            running.quiet--;
        }
    }

    private void mustNotOwn(LiveStrand strand, Object map, int site) {
        for (Taken held : taken) {
            if (held.map == map && held.owner == strand) {
                x.refusal.of(strand, "the change of a map by a function that computes one of its values", site);
            }
        }
    }

    /** A change of the whole map changes key after key and waits for each: that is not modelled. */
    public void mustBeFree(LiveStrand strand, Object map, int site) {
        for (Taken held : taken) {
            if (held.map == map) {
                x.refusal.of(strand, Sites.get(site).target() + "." + Sites.get(site).operation()
                        + " while a function computes a value of the map", site);
            }
        }
    }
}
