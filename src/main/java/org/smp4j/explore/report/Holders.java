package org.smp4j.explore.report;

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
import org.smp4j.explore.model.Names;
import org.smp4j.explore.run.Location;
import org.smp4j.explore.run.Run;

/**
 * The fields of the program that hold its atomics and arrays: {@code Counter.hits} tells more than
 * {@code AtomicInteger.value}. They are looked for from the scenario object or its class, a limited number of times.
 */
final class Holders {
    private static final int MOST_WALKS = 40;
    private static final int MOST_MISSES = 4; // of one object: it may be held by no field, or not yet
    private static final int MOST_OBJECTS = 20_000;

    /** A field that holds an object: of this object, or a static one of this class. */
    private record Holder(Object owner, String field) {
        String name(Run x) {
            return owner instanceof Class<?> type ? Names.simple(type) + "." + field
                    : Names.simple(owner.getClass()) + "#" + x.idOf(owner) + "." + field;
        }
    }

    private final Map<Class<?>, List<Field>> fields = new HashMap<>();
    private final Map<Object, Holder> holders = new IdentityHashMap<>();
    private final Map<Object, Integer> misses = new IdentityHashMap<>();
    private int walks;

    /** {@return the name of the field that holds an object of the JDK; null if none is known} */
    String of(Run x, Object root, Object object) {
        if (root == null || !isAtomic(object) && !object.getClass().isArray()) {
            return null;
        }
        Holder holder = holders.get(object);
        if (holder == null && x.inStretch() && walks < MOST_WALKS && misses.getOrDefault(object, 0) < MOST_MISSES) {
            walks++;
            walk(root);
            holder = holders.get(object);
            if (holder == null) {
                misses.merge(object, 1, Integer::sum);
            }
        }
        return holder == null ? null : holder.name(x);
    }

    /** {@return the name of a location in an object that a field with this name holds: an atomic is its value} */
    static String location(String holder, Location at) {
        return at.field() < 0 ? holder + "[" + (-1 - at.field()) + "]" : holder;
    }

    private static boolean isAtomic(Object object) {
        return Names.real(object.getClass().getName()).startsWith("java.util.concurrent.atomic.");
    }

    private void walk(Object root) {
        Map<Object, Boolean> seen = new IdentityHashMap<>();
        Set<Class<?>> types = new HashSet<>();
        Deque<Object> left = new ArrayDeque<>();
        left.add(root);
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
        if (object instanceof Object[] || object != null && isOurs(object.getClass())) {
            left.addLast(object);
        }
    }

    private List<Field> fieldsOf(Class<?> type) {
        return fields.computeIfAbsent(type, _ -> {
            List<Field> own = new ArrayList<>();
            for (Class<?> each = type; each != null && isOurs(each); each = each.getSuperclass()) {
                for (Field field : each.getDeclaredFields()) {
                    if (!field.getType().isPrimitive() && field.trySetAccessible()) {
                        own.add(field);
                    }
                }
            }
            return own;
        });
    }

    /** {@return whether a class was rewritten} */
    private static boolean isOurs(Class<?> type) {
        return type.getClassLoader() != null && Names.LOADER.equals(type.getClassLoader().getName());
    }

    private static boolean isShadow(Class<?> type) {
        return type.getName().startsWith(Names.SHADOW);
    }
}
