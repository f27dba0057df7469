package org.smp4j.explore.hooks;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.environment.ConstantHashes;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;

/**
 * The part of {@link Hooks} that replaces JDK calls on whole arrays. Each element is an access of its own and is copied
 * right after it, so that another strand can run in between. And what other calls read of objects that they are given:
 * all that comes before the call, which reads it in one go.
 */
public abstract sealed class ArrayHooks extends MapHooks permits Hooks {
    private static final int DEEP = 3; // what is in what is in it
    private static final int INTO = Access.WALK | Access.COMPARE; // the call reads also what is in it
    private static final Set<Class<?>> CONSTANT = Set.of(String.class, Integer.class, Long.class, Short.class,
            Byte.class, Character.class, Boolean.class, Float.class, Double.class, Class.class);
    private static final int LOOKED_INTO = 1000; // elements of a collection, at most
    private static final ClassValue<Field[]> RECORDED = new ClassValue<>() {
        @Override
        protected Field[] computeValue(Class<?> type) {
            return Stream.of(type.getDeclaredFields()).filter(field -> !Modifier.isStatic(field.getModifiers())
                    && !isConstant(field.getType()) && field.trySetAccessible()).toArray(Field[]::new);
        }
    };

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
        usesPassed(strand, site);
        int places = 0;
        for (int i = 0; i < Array.getLength(array); i++) {
            int at = strand.point;
            Hooks.access(array, -1 - i, site, Sites.modeOf(site));
            places += strand.point == at ? 0 : 1;
        }
        if ((Sites.modeOf(site) & INTO) != 0 && array instanceof Object[] elements) {
            for (Object element : elements) {
                places += element == null ? 0 : read(strand, element, site, DEEP);
            }
        }
        atOneMoment(strand, site, places);
    }

    /** The call reads all that it is given after the last of these steps; what it reads of one object is exact. */
    private static void atOneMoment(LiveStrand strand, int site, int places) {
        if (places > 1) {
            strand.execution.assumptions.add(Assumptions.Rule.MOMENT);
        }
        if (places > 0) {
            strand.passedAt = strand.point;
            strand.passedSite = site;
        }
    }

    /** Before another step of a call that may have read something in the last one. */
    static void usesPassed(LiveStrand strand, int site) {
        if (strand.passedAt == strand.point && isSameCall(Sites.get(site), Sites.get(strand.passedSite))) {
            strand.execution.assumptions.add(Assumptions.Rule.MOMENT);
        }
    }

    private static boolean isSameCall(Site one, Site other) {
        return one.operation().equals(other.operation()) && one.line() == other.line()
                && one.method().equals(other.method()) && one.owner().equals(other.owner());
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

    /**
     * Before a call of the JDK that reads an object: a collection, a builder, an atomic, and what is in it. Or before a
     * collection compares it with its elements or keys, which are no steps.
     */
    public static void passed(Object argument, int site) {
        LiveStrand strand = Execution.running;
        if (strand == null || argument == null || strand.quiet != 0 || strand.execution.count == 1) {
            return;
        }
        if ((Sites.modeOf(site) & Access.READ) != 0) {
            usesPassed(strand, site);
            atOneMoment(strand, site, read(strand, argument, site, DEEP));
        } else if (mayChange(strand, argument, DEEP)) {
            strand.execution.assumptions.add(Assumptions.Rule.COMPARED);
        }
    }

    /** A stream compares an element with others, or makes a text of it. */
    static void compares(LiveStrand strand, Object element) {
        if (element != null && (Shims.isRead(element) || mayChange(strand, element, DEEP))) {
            strand.execution.assumptions.add(Assumptions.Rule.COMPARED);
        }
    }

    /** Whether what an object is equal to may change. */
    private static boolean mayChange(LiveStrand strand, Object object, int deep) {
        if (!isFixed(object)) {
            return Shims.isRead(object) && !Shims.hashesByIdentity(object);
        }
        return inside(strand, object).stream().anyMatch(each -> deep == 0 || mayChange(strand, each, deep - 1));
    }

    private static boolean isFixed(Object object) {
        return object instanceof Record || object instanceof Optional || HashOrder.isGiven(object)
                || object.getClass().getName().startsWith("java.util.ImmutableCollections$");
    }

    /** {@return how many objects were read in a step} */
    private static int read(LiveStrand strand, Object object, int site, int deep) {
        boolean compares = (Sites.modeOf(site) & Access.COMPARE) != 0;
        if (compares && Shims.hashesByIdentity(object)) {
            return 0;
        }
        int before = strand.point;
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
        if (object instanceof Thread thread) {
            named(thread, site, Access.READ | Access.ACQUIRE | Access.VOLATILE);
        }
        int places = strand.point == before ? 0 : 1;
        if ((Sites.modeOf(site) & INTO) == 0) {
            return places;
        }
        List<Object> inside = inside(strand, object);
        if (inside.size() == LOOKED_INTO || deep == 0 && !inside.isEmpty()) {
            strand.execution.assumptions.add(Assumptions.Rule.NESTED);
        }
        for (Object each : deep == 0 ? List.of() : inside) {
            places += read(strand, each, site, deep - 1);
        }
        return places;
    }

    /** The objects of which the text of an object tells; none for one that has code of its own for that. */
    private static List<Object> inside(LiveStrand strand, Object object) {
        strand.quiet++;
        try {
            return parts(object).filter(each -> each != null && !isConstant(each.getClass())).limit(LOOKED_INTO)
                    .collect(Collectors.toList());
        } finally {
            strand.quiet--;
        }
    }

    private static Stream<?> parts(Object object) {
        return switch (object) {
            case Optional<?> optional -> optional.stream();
            case AtomicReference<?> reference -> Stream.ofNullable(reference.get());
            case Map.Entry<?, ?> entry when Shims.isRead(object) -> Stream.of(entry.getKey(), entry.getValue());
            case Collection<?> collection when Shims.isWalked(object) -> collection.stream();
            case Map<?, ?> map when Shims.isWalked(object) ->
                    map.entrySet().stream().flatMap(entry -> Stream.of(entry.getKey(), entry.getValue()));
            case Record record -> Stream.of(RECORDED.get(record.getClass())).map(field -> valueOf(field, record));
            default -> Stream.empty();
        };
    }

    /** Whether the hash code of a JDK's object, or of a record, is made of that of an enum constant or a class. */
    static boolean hasConstant(Object object) {
        LiveStrand strand = Execution.running;
        strand.quiet++;
        try {
            return !(object instanceof AtomicReference) && parts(object).limit(LOOKED_INTO)
                    .anyMatch(each -> each != null && (ConstantHashes.isConstant(each) || hasConstant(each)));
        } finally {
            strand.quiet--;
        }
    }

    private static boolean isConstant(Class<?> type) {
        return type.isPrimitive() || type.isEnum() || CONSTANT.contains(type);
    }

    private static Object valueOf(Field field, Record record) {
        try {
            return field.get(record);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
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
