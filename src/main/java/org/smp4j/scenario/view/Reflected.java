package org.smp4j.scenario.view;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The fields of the tower's objects, whatever their access. */
final class Reflected {
    private final Map<Class<?>, List<Field>> fields = new HashMap<>();
    private final Map<Class<?>, Map<String, Field>> byName = new HashMap<>();

    /** {@return the instance fields of a class of the tower, with those that it inherits} */
    List<Field> of(Class<?> type) {
        List<Field> known = fields.get(type);
        if (known == null) {
            known = new ArrayList<>();
            for (Class<?> each = type; each != null && isOurs(each); each = each.getSuperclass()) {
                for (Field field : each.getDeclaredFields()) {
                    if (!Modifier.isStatic(field.getModifiers()) && field.trySetAccessible()) {
                        known.add(field);
                    }
                }
            }
            fields.put(type, known);
        }
        return known;
    }

    /** {@return the value of a field of an object; null if it has no such field} */
    Object get(Object object, String name) {
        if (object == null) {
            return null;
        }
        Field field = byName.computeIfAbsent(object.getClass(), type -> {
            Map<String, Field> own = new HashMap<>();
            of(type).forEach(each -> own.putIfAbsent(each.getName(), each));
            return own;
        }).get(name);
        return field == null ? null : get(field, object);
    }

    static Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    static boolean isOurs(Class<?> type) {
        return type.getName().startsWith("org.smp4j.");
    }

    /** {@return whether a class of the tower says what its objects print} */
    static boolean prints(Class<?> type) {
        for (Class<?> each = type; each != null && isOurs(each); each = each.getSuperclass()) {
            for (Method method : each.getDeclaredMethods()) {
                if (method.getName().equals("toString") && method.getParameterCount() == 0) {
                    return true;
                }
            }
        }
        return false;
    }
}
