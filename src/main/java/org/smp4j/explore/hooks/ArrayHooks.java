package org.smp4j.explore.hooks;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;

/**
 * The part of {@link Hooks} that replaces JDK calls on whole arrays. Each element is an access of its own and is copied
 * right after it, so that another strand can run in between. And what other calls read of objects that they are given:
 * all that comes before the call, which reads it in one go.
 */
public abstract sealed class ArrayHooks extends MapHooks permits Hooks {
    private static final int DEEP = 3; // what is in what is in it

    ArrayHooks() {
    }

    /**
     * Replaces {@code System.arraycopy}.
     *
     * @return whether the hook copied the elements; if not, the caller makes the call itself, because nothing is
     * explored or the call throws
     */
    public static boolean copies(Object from, int at, Object to, int start, int length, int site) {
        if (Execution.running == null || !isRange(from, at, length) || !isRange(to, start, length)) {
            return false;
        }
        Class<?> type = from.getClass().getComponentType();
        Class<?> target = to.getClass().getComponentType();
        if (type != target && (type.isPrimitive() || target.isPrimitive())) {
            return false;
        }
        int reads = Sites.ofKind(site, type);
        int writes = Sites.ofKind(site, target);
        Object element = Array.newInstance(type, 1);
        boolean backwards = from == to && at < start;
        for (int done = 0; done < length; done++) {
            int i = backwards ? length - 1 - done : done;
            reads(from, at + i, reads);
            System.arraycopy(from, at + i, element, 0, 1);
            writes(to, start + i, writes);
            System.arraycopy(element, 0, to, start + i, 1);
        }
        return true;
    }

    /**
     * Reads a part of an array.
     *
     * @return the elements, with default values beyond the end of the array; null if the caller must make the call
     * itself, as above
     */
    public static Object copied(Object array, int from, int to, int site) {
        if (Execution.running == null || array == null || from < 0 || from > to || from > Array.getLength(array)) {
            return null;
        }
        Object copy = Array.newInstance(array.getClass().getComponentType(), to - from);
        int length = Math.min(to, Array.getLength(array)) - from;
        for (int i = 0; i < length; i++) {
            reads(array, from + i, site);
            System.arraycopy(array, from + i, copy, i, 1);
        }
        return copy;
    }

    /** Writes a whole array, to which no other strand has a reference, to a part of another array. */
    public static void written(Object copy, Object array, int from, int site) {
        for (int i = 0; i < Array.getLength(copy); i++) {
            writes(array, from + i, site);
            System.arraycopy(copy, i, array, from + i, 1);
        }
    }

    /**
     * Before a call of the JDK that reads an array that it is given, or writes to it, as the mode of the site says; or
     * reads the elements in turn.
     */
    public static void passedArray(Object array, int site) {
        LiveStrand strand = Execution.running;
        if (strand == null || array == null || strand.quiet != 0 || strand.execution.count == 1) {
            return;
        }
        for (int i = 0; i < Array.getLength(array); i++) {
            Hooks.access(array, -1 - i, site, Sites.modeOf(site));
        }
        if ((Sites.modeOf(site) & Access.WALK) != 0 && array instanceof Object[] elements) {
            for (Object element : elements) {
                if (element != null) {
                    read(strand, element, site, DEEP);
                }
            }
        }
    }

    /** Before {@code Object.clone}: it reads all fields that classes of the program declare, in one go. */
    public static void cloned(Object object, int site) {
        LiveStrand strand = Execution.running;
        if (strand == null || object == null || strand.quiet != 0 || strand.execution.count == 1) {
            return;
        }
        for (Class<?> type = object.getClass(); Shims.isRewritten(type); type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isFinal(field.getModifiers())) {
                    int order = Modifier.isVolatile(field.getModifiers()) ? Access.ACQUIRE | Access.VOLATILE : 0;
                    Hooks.access(object, Sites.field(type.getName() + "." + field.getName()), site,
                            Sites.modeOf(site) | order);
                }
            }
        }
    }

    /** Before a call of the JDK that reads an object: a collection, a builder, an atomic, and what is in it. */
    public static void passed(Object argument, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && argument != null && strand.quiet == 0 && strand.execution.count > 1) {
            read(strand, argument, site, DEEP);
        }
    }

    private static void read(LiveStrand strand, Object object, int site, int deep) {
        if (Shims.isAtomic(object)) {
            atomic(object, site);
        } else if (object.getClass() == ReentrantLock.class) {
            strand.execution.refusal.of(strand, "what a ReentrantLock tells of itself in a text", site);
        } else if (Shims.isRead(object)) {
            boolean guards = Shims.guards(object);
            if (guards) {
                Hooks.monitorEnter(object, site);
            }
            Hooks.object(object, site);
            if (guards) {
                Hooks.monitorExit(object, site);
            }
        }
        if (deep > 0 && (Sites.modeOf(site) & Access.WALK) != 0) {
            strand.quiet++;
            List<Object> inside = Shims.inside(object);
            strand.quiet--;
            for (Object each : inside) {
                read(strand, each, site, deep - 1);
            }
        }
    }

    private static void atomic(Object object, int site) {
        int mode = Sites.modeOf(site) & Access.HARDWARE | Access.READ | Access.ACQUIRE;
        int length = switch (object) {
            case AtomicIntegerArray array -> array.length();
            case AtomicLongArray array -> array.length();
            case AtomicReferenceArray<?> array -> array.length();
            default -> 0;
        };
        for (int i = 0; i < length; i++) {
            Hooks.access(object, -1 - i, site, mode | Access.VOLATILE);
        }
        if (object instanceof AtomicInteger || object instanceof AtomicLong || object instanceof AtomicBoolean
                || object instanceof AtomicReference) {
            Hooks.access(object, Hooks.ATOMIC, site, mode | Access.VOLATILE);
        } else if (length == 0) {
            Hooks.access(object, OBJECT, site, mode);
        }
    }

    private static boolean isRange(Object array, int from, int length) {
        return array != null && array.getClass().isArray() && from >= 0 && length >= 0
                && length <= Array.getLength(array) - from;
    }

    private static void reads(Object array, int index, int site) {
        Hooks.access(array, -1 - index, site, Sites.modeOf(site) & ~Access.WRITE);
    }

    private static void writes(Object array, int index, int site) {
        Hooks.access(array, -1 - index, site, Sites.modeOf(site) & ~Access.READ);
    }
}
