package org.smp4j.explore.hooks;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.BitSet;
import java.util.Calendar;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.environment.RewrittenLoader;
import org.smp4j.explore.model.Names;

/**
 * Helpers that rewritten code calls beside the hooks: they convert arguments into the form that a hook takes, and
 * answer questions about an object that depend on its class at run time.
 */
public final class Shims {
    private static final int LOCKS = 1;
    private static final int LOCKS_WALK = 2;
    private static final int IDENTITY = 4;
    private static final int GUARDS = 8;
    private static final int OWN = 16;
    private static final int SHADOW = 32;
    private static final int READ = 64;
    private static final int ATOMIC = 128;
    private static final List<Class<?>> STATES = List.of(Collection.class, Map.class, Map.Entry.class,
            CharSequence.class, Date.class, Calendar.class, BitSet.class);

    private static final ClassValue<Integer> TRAITS = new ClassValue<>() {
        @Override
        protected Integer computeValue(Class<?> type) {
            return traits(type);
        }
    };

    private record Known(Class<?> type, int traits) {
    }

    // A cache of the traits of recent classes, by the hash of the class. Written by: any thread that calls a helper.
    // Read by: the same. Ordering: none; records are immutable, and a thread that misses an entry computes it.
    private static final Known[] KNOWN = new Known[1024];

    private static final ClassValue<Set<String>> OVERRIDES = new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
            return Stream.of(type.getMethods()).filter(method -> method.getParameterCount() == 0
                    && !method.getDeclaringClass().getName().startsWith("java."))
                    .map(Method::getName).collect(Collectors.toUnmodifiableSet());
        }
    };

    private static final ClassValue<Set<String>> OWN_METHODS = new ClassValue<>() {
        @Override
        protected Set<String> computeValue(Class<?> type) {
            return Stream.of(type.getMethods()).filter(method -> isRewritten(method.getDeclaringClass()))
                    .map(Method::getName).collect(Collectors.toUnmodifiableSet());
        }
    };

    private Shims() {
    }

    /**
     * Replaces {@code Boolean.getBoolean}.
     *
     * @param property the property that the program asks for
     * @param on the names of those that are on for the program, a line each
     * @return whether it is on
     */
    public static boolean isSet(String property, String on) {
        return on.lines().anyMatch(name -> name.equals(property)) || Boolean.getBoolean(property);
    }

    private static boolean has(Object object, int trait) {
        if (object == null) {
            return false;
        }
        Class<?> type = object.getClass();
        int slot = type.hashCode() & KNOWN.length - 1;
        Known known = KNOWN[slot];
        if (known == null || known.type != type) {
            known = new Known(type, TRAITS.get(type));
            KNOWN[slot] = known;
        }
        return (known.traits & trait) != 0;
    }

    private static int traits(Class<?> type) {
        int traits = isRewritten(type) ? OWN : 0;
        for (Class<?> here = type; here != null; here = here.getSuperclass()) {
            String name = here.getName();
            if (name.startsWith(Names.SHADOW)) {
                traits |= SHADOW;
            } else if (name.startsWith("java.util.concurrent.")) {
                traits |= name.contains("Blocking") || name.contains("Delay") ? LOCKS | LOCKS_WALK : LOCKS;
            } else if (name.startsWith("java.io.") && here.getSuperclass() != Object.class) {
                traits |= LOCKS; // all but the abstract classes of streams
            } else if (name.startsWith("java.util.Collections$Synchronized") || name.equals("java.util.Vector")
                    || name.equals("java.util.Hashtable") || name.equals("java.util.Properties")
                    || name.equals("java.lang.StringBuffer")
                    || name.startsWith("java.util.Hashtable$") || name.startsWith("java.util.Vector$")) {
                traits |= LOCKS | LOCKS_WALK | GUARDS;
            }
        }
        if ((traits & OWN) == 0 && type != String.class
                && STATES.stream().anyMatch(each -> each.isAssignableFrom(type))) {
            traits |= READ;
        }
        if (type.getName().startsWith("java.util.concurrent.atomic.")) {
            traits |= ATOMIC;
        }
        try {
            Class<?> declaring = type.getMethod("hashCode").getDeclaringClass();
            if (declaring == Object.class || declaring == Enum.class) {
                traits |= IDENTITY;
            }
        } catch (NoSuchMethodException e) {
            throw new AssertionError(e); // every class has it
        }
        return traits;
    }

    static boolean isRewritten(Class<?> type) {
        return RewrittenLoader.defines(type);
    }

    /**
     * Whether a call on an object runs a method of a rewritten class, whatever type the call names.
     *
     * @param object the object, or null
     * @param method the method's name
     * @return whether it does
     */
    public static boolean isOwn(Object object, String method) {
        return has(object, SHADOW) || has(object, OWN) && OWN_METHODS.get(object.getClass()).contains(method);
    }

    /**
     * Whether an object is a map that computes a value while other writers wait.
     *
     * @param object the object, or null
     * @return whether it is
     */
    public static boolean computes(Object object) {
        return object != null && object.getClass() == ConcurrentHashMap.class;
    }

    /**
     * Whether calls on an object may hold a lock of the JDK.
     *
     * @param object the object, or null
     * @return whether they may
     */
    public static boolean locks(Object object) {
        return has(object, LOCKS);
    }

    /**
     * Whether even {@code forEach} on an object may hold a lock of the JDK.
     *
     * @param object the object, or null
     * @return whether it may
     */
    public static boolean locksWalk(Object object) {
        return has(object, LOCKS_WALK);
    }

    /**
     * Whether an object is one of the JDK's with a state that shows in its text.
     *
     * @param object the object, or null
     * @return whether it is
     */
    public static boolean isRead(Object object) {
        return has(object, READ);
    }

    /** Whether an object is a collection or a map of the JDK, whose elements a text of it tells. */
    static boolean isWalked(Object object) {
        return has(object, READ) && !has(object, SHADOW);
    }

    static boolean isAtomic(Object object) {
        return has(object, ATOMIC);
    }

    /**
     * Whether an object's methods synchronize on the object: callers may rely on that and hold its monitor over several
     * calls.
     *
     * @param object the object, or null
     * @return whether it is a synchronized collection
     */
    public static boolean guards(Object object) {
        return has(object, GUARDS);
    }

    /**
     * Whether an object's hash code is its identity hash code.
     *
     * @param object the object, or null
     * @return whether its class leaves {@code hashCode} as it is
     */
    public static boolean hashesByIdentity(Object object) {
        return has(object, IDENTITY);
    }

    /**
     * Whether a thread's class has its own version of a method.
     *
     * @param thread the thread, or null
     * @param method a public method without parameters
     * @return whether it is overridden
     */
    public static boolean overrides(Thread thread, String method) {
        return thread != null && thread.getClass() != Thread.class && OVERRIDES.get(thread.getClass()).contains(method);
    }

    /**
     * How long {@code Thread.sleep(long)} sleeps.
     *
     * @param millis its argument
     * @return nanoseconds
     */
    public static long nanos(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout value is negative");
        }
        return TimeUnit.MILLISECONDS.toNanos(millis);
    }

    /**
     * How long {@code Thread.sleep(long, int)} sleeps.
     *
     * @param millis its first argument
     * @param nanos its second
     * @return nanoseconds
     */
    public static long nanos(long millis, int nanos) {
        long base = nanos(millis);
        checkNanos(nanos);
        return base > Long.MAX_VALUE - nanos ? Long.MAX_VALUE : base + nanos;
    }

    /**
     * How long {@code Thread.sleep(Duration)} sleeps.
     *
     * @param duration its argument
     * @return nanoseconds, negative if it does nothing
     */
    public static long nanos(Duration duration) {
        return TimeUnit.NANOSECONDS.convert(duration);
    }

    /**
     * How long {@code TimeUnit.sleep} sleeps.
     *
     * @param unit the unit
     * @param amount its argument
     * @return nanoseconds, negative if it does nothing, not even look for an interrupt
     */
    public static long nanos(TimeUnit unit, long amount) {
        return amount > 0 ? unit.toNanos(amount) : -1;
    }

    /**
     * Leaves out the blocker of {@code LockSupport.parkNanos}.
     *
     * @param blocker the blocker
     * @param nanos the other argument
     * @return the other argument
     */
    public static long nanos(Object blocker, long nanos) {
        return nanos;
    }

    /**
     * How long the JDK's internal {@code park} parks.
     *
     * @param unsafe the object of the call
     * @param isAbsolute whether the time is one of day, which no caller uses
     * @param time nanoseconds; 0 for ever
     * @return nanoseconds; {@link Long#MAX_VALUE} for ever
     */
    public static long nanos(Object unsafe, boolean isAbsolute, long time) {
        return time == 0 ? Long.MAX_VALUE : time;
    }

    /**
     * The thread that the JDK's internal {@code unpark} unparks.
     *
     * @param unsafe the object of the call
     * @param thread the thread
     * @return the thread
     */
    public static Thread thread(Object unsafe, Object thread) {
        return (Thread) thread;
    }

    /**
     * Before a call that compares the elements of a stream, which is no step.
     *
     * @param stream the stream
     * @return the stream to use instead, which looks at each element
     */
    public static Stream<?> compared(Stream<?> stream) {
        LiveStrand strand = Execution.running;
        if (strand == null || strand.quiet != 0 || strand.execution.count == 1 || isOwn(stream, "peek")) {
            return stream;
        }
        Stream<?> looking = stream.peek(element -> ArrayHooks.compares(strand, element));
        strand.execution.environment.view(looking, stream);
        return looking;
    }

    /** Before and after a call of a rewritten class of the JDK: the next step there begins a new atomic part. */
    public static void border() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.fresh = true;
        }
    }

    /**
     * How long {@code wait(long)} and {@code join(long)} wait.
     *
     * @param millis the argument
     * @return milliseconds
     */
    public static long millis(long millis) {
        if (millis < 0) {
            throw new IllegalArgumentException("timeout value is negative");
        }
        return millis;
    }

    /**
     * How long {@code wait(long, int)} and {@code join(long, int)} wait.
     *
     * @param millis the first argument
     * @param nanos the second
     * @return milliseconds, rounded up as the JDK does
     */
    public static long millis(long millis, int nanos) {
        millis(millis);
        checkNanos(nanos);
        return nanos > 0 && millis < Long.MAX_VALUE ? millis + 1 : millis;
    }

    /**
     * How long {@code join(Duration)} waits.
     *
     * @param duration its argument
     * @return milliseconds, rounded up; 0 if it does not wait
     */
    public static long millis(Duration duration) {
        long nanos = Math.max(0, nanos(duration));
        return nanos / 1_000_000 + (nanos % 1_000_000 == 0 ? 0 : 1);
    }

    private static void checkNanos(int nanos) {
        if (nanos < 0 || nanos > 999_999) {
            throw new IllegalArgumentException("nanosecond timeout value out of range");
        }
    }

    /**
     * Leaves out the blocker of {@code LockSupport.park}.
     *
     * @param blocker the blocker
     */
    public static void drop(Object blocker) {
    }
}
