package org.smp4j.explore.environment;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.smp4j.explore.model.Names;

/**
 * Names of the program's atomics and arrays by the fields that hold them: {@code Counter.hits} tells more than
 * {@code AtomicInteger.value}. The fields are looked for from the scenario object or its class, a limited number of
 * times in a run.
 */
public final class FieldNames {
    private static final int MOST_WALKS = 40;
    private static final int MOST_MISSES = 4; // of one object: it may be held by no field, or not yet
    private static final int MOST_OBJECTS = 20_000;

    /** A field that holds an object: of this object, or a static one of this class. */
    private record Holder(Object owner, String field) {
        String name(ObjectNumbers numbers) {
            return owner instanceof Class<?> type ? Names.simple(type) + "." + field
                    : Names.simple(owner.getClass()) + "#" + numbers.idOf(owner) + "." + field;
        }
    }

    private final Map<Class<?>, List<Field>> fields = new HashMap<>();
    private final Map<Object, Holder> holders = new IdentityHashMap<>();
    private final Map<Object, Integer> misses = new IdentityHashMap<>();
    private Supplier<Object> root = () -> null;
    private int walks;

    /** Names the objects that are reached from what this returns: an object, a class, or null. */
    public void from(Supplier<Object> where) {
        root = where;
    }

    /** A run begins. */
    public void begin() {
        if (walks > 0) {
            walks = 0;
            holders.clear();
            misses.clear();
        }
    }

    /**
     * The name of the only value of an atomic, or of an element.
     *
     * @param object the object
     * @param element the index of the element; below 0 for none
     * @param numbers tells apart objects of one class
     * @return the name; null if it is no atomic or array, or no field that is known holds it
     */
    public String of(Object object, int element, ObjectNumbers numbers) {
        if (!isAtomic(object) && !object.getClass().isArray()) {
            return null;
        }
        Holder holder = holders.get(object);
        if (holder == null && walks < MOST_WALKS && misses.getOrDefault(object, 0) < MOST_MISSES) {
            Object start = root.get();
            if (start == null) {
                return null;
            }
            walks++;
            walk(start);
            holder = holders.get(object);
            if (holder == null) {
                misses.merge(object, 1, Integer::sum);
            }
        }
        return holder == null ? null : holder.name(numbers) + (element < 0 ? "" : "[" + element + "]");
    }

    private static boolean isAtomic(Object object) {
        return Names.real(object.getClass().getName()).startsWith("java.util.concurrent.atomic.");
    }

    private void walk(Object start) {
        Map<Object, Boolean> seen = new IdentityHashMap<>();
        Set<Class<?>> types = new HashSet<>();
        Deque<Object> left = new ArrayDeque<>();
        left.add(start);
        while (!left.isEmpty() && seen.size() < MOST_OBJECTS) {
            Object object = left.removeFirst();
            if (seen.put(object, true) != null) {
                continue;
            }
            if (object instanceof Object[] elements) {
                for (Object element : elements) {
                    reach(element, left);
                }
            } else {
                Class<?> type = object instanceof Class<?> main ? main : object.getClass();
                for (Field field : fieldsOf(type)) {
                    if (type != object && !Modifier.isStatic(field.getModifiers())) {
                        hold(field, object, !type.isHidden() && !isShadow(type), left);
                    }
                }
                Class<?> host = type.getNestHost();
                if (types.add(host) && !isShadow(host)) {
                    fieldsOf(host).stream().filter(field -> Modifier.isStatic(field.getModifiers()))
                            .forEach(field -> hold(field, host, true, left));
                }
            }
        }
    }

    private void hold(Field field, Object owner, boolean named, Deque<Object> left) {
        try {
            Object held = field.get(owner);
            if (held != null && named && !field.isSynthetic()) {
                holders.putIfAbsent(held, new Holder(owner, field.getName()));
            }
            reach(held, left);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void reach(Object object, Deque<Object> left) {
        if (object instanceof Object[] || object != null && RewrittenLoader.defines(object.getClass())) {
            left.addLast(object);
        }
    }

    private List<Field> fieldsOf(Class<?> type) {
        if (RewrittenLoader.definesAnew(type)) {
            return find(type); // no later run meets the class
        }
        return fields.computeIfAbsent(type, FieldNames::find);
    }

    private static List<Field> find(Class<?> type) {
        List<Field> own = new ArrayList<>();
        for (Class<?> each = type; each != null && RewrittenLoader.defines(each); each = each.getSuperclass()) {
            for (Field field : each.getDeclaredFields()) {
                if (!field.getType().isPrimitive() && field.trySetAccessible()) {
                    own.add(field);
                }
            }
        }
        return own;
    }

    private static boolean isShadow(Class<?> type) {
        return type.getName().startsWith(Names.SHADOW);
    }
}
