package org.smp4j.explore.hooks;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveLocation;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;

/**
 * The part of {@link Hooks} that replaces the methods of {@code ConcurrentHashMap} that compute a value: one step if
 * the function makes no steps, else one before the function and one after it. It also brackets other JDK calls that
 * hold a lock while they call back.
 */
public abstract sealed class MapHooks extends ThreadHooks permits ArrayHooks {
    static final int OBJECT = Sites.field("content");

    MapHooks() {
    }

    static void enter(LiveStrand strand, int site) {
        if (strand.calls++ == 0) {
            strand.calledAt = site;
        }
        strand.quiet++;
    }

    /**
     * The callback may have written to new objects: these writes are published together with the change that the call
     * made.
     */
    static void exit(LiveStrand strand) {
        strand.quiet--;
        strand.calls--;
        if (strand.calls == 0 && strand.site == strand.calledAt && strand.execution.plainSteps.orders()
                && strand.location != null && strand.location != LiveLocation.NONE
                && (strand.mode & (Access.RELEASE | Access.CONDITIONAL)) == Access.RELEASE) {
            strand.execution.plainSteps.publish(strand, strand.location);
        }
    }

    /** The mode of a call on a concurrent object, whatever type the call names. */
    static int concurrent(int site) {
        int mode = Sites.modeOf(site) & (Access.READ | Access.WRITE | Access.HARDWARE);
        // A read releases nothing: two reads have no order, and steps that seemed ordered by them would never be tried
        // in the other order.
        return mode | Access.ACQUIRE | ((mode & Access.WRITE) != 0 ? Access.RELEASE : 0);
    }

    /**
     * Before a call that changes the value of one key of a {@code ConcurrentHashMap}; with {@code ifAbsent}, only if
     * the key has no value.
     */
    public static void key(Object map, Object key, boolean ifAbsent, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.isHeard() && key != null) {
            begin(strand, map, key, ifAbsent, site);
            strand.execution.keys.publish(strand, map, key);
        }
    }

    private static void begin(LiveStrand strand, Object map, Object key, boolean ifAbsent, int site) {
        strand.execution.keys.access(strand, map, key, ifAbsent, OBJECT, site, concurrent(site) & ~Access.ACQUIRE);
        strand.execution.keys.sees(strand, map, key);
    }

    /** Replaces {@code ConcurrentHashMap.computeIfAbsent}. */
    public static Object computeIfAbsent(Object map, Object key, Function<Object, Object> function, int site) {
        LiveStrand strand = Execution.running;
        ConcurrentHashMap<Object, Object> real = real(map);
        if (strand == null || !strand.isHeard()) {
            return real.computeIfAbsent(key, function);
        }
        Objects.requireNonNull(function);
        begin(strand, map, Objects.requireNonNull(key), true, site);
        Object before = real.get(key);
        return before != null ? before : compute(strand, real, key, null, (k, _) -> function.apply(k), site);
    }

    /** Replaces {@code ConcurrentHashMap.computeIfPresent}. */
    public static Object computeIfPresent(Object map, Object key,
            BiFunction<Object, Object, Object> function, int site) {
        LiveStrand strand = Execution.running;
        ConcurrentHashMap<Object, Object> real = real(map);
        if (strand == null || !strand.isHeard()) {
            return real.computeIfPresent(key, function);
        }
        Objects.requireNonNull(function);
        begin(strand, map, Objects.requireNonNull(key), false, site);
        Object before = real.get(key);
        return before == null ? null : compute(strand, real, key, before, function, site);
    }

    /** Replaces {@code ConcurrentHashMap.compute}. */
    public static Object compute(Object map, Object key, BiFunction<Object, Object, Object> function, int site) {
        LiveStrand strand = Execution.running;
        ConcurrentHashMap<Object, Object> real = real(map);
        if (strand == null || !strand.isHeard()) {
            return real.compute(key, function);
        }
        Objects.requireNonNull(function);
        begin(strand, map, Objects.requireNonNull(key), false, site);
        return compute(strand, real, key, real.get(key), function, site);
    }

    /** Replaces {@code ConcurrentHashMap.merge}. */
    public static Object merge(Object map, Object key, Object value,
            BiFunction<Object, Object, Object> function, int site) {
        LiveStrand strand = Execution.running;
        ConcurrentHashMap<Object, Object> real = real(map);
        if (strand == null || !strand.isHeard()) {
            return real.merge(key, value, function);
        }
        Objects.requireNonNull(function);
        Objects.requireNonNull(value);
        begin(strand, map, Objects.requireNonNull(key), false, site);
        Object before = real.get(key);
        if (before == null) {
            strand.execution.keys.publish(strand, map, key);
            real.put(key, value);
            return value;
        }
        return compute(strand, real, key, before, (_, old) -> function.apply(old, value), site);
    }

    @SuppressWarnings("unchecked")
    private static ConcurrentHashMap<Object, Object> real(Object map) {
        return (ConcurrentHashMap<Object, Object>) map;
    }

    private static Object compute(LiveStrand strand, ConcurrentHashMap<Object, Object> map, Object key, Object before,
            BiFunction<Object, Object, Object> function, int site) {
        Execution x = strand.execution;
        int point = strand.point;
        x.keys.take(strand, map, key);
        Object after = before;
        try {
            after = function.apply(key, before);
        } finally {
            if (!x.strandTable.unwinding && x.refusal.why() == null) {
                if (strand.point != point) {
                    x.keys.end(strand, map, OBJECT, site, concurrent(site) & ~Access.ACQUIRE);
                } else if (x.plainSteps.orders() && strand.location != null && strand.location != LiveLocation.NONE) {
                    x.plainSteps.publish(strand, strand.location);
                }
                x.keys.publish(strand, map, key);
                enter(strand, site);
                if (after != null && after != before) {
                    map.put(key, after);
                } else if (after == null && before != null) {
                    map.remove(key);
                }
                exit(strand);
                x.keys.release(strand, map);
            }
        }
        return after;
    }
}
