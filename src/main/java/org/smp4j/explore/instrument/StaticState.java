package org.smp4j.explore.instrument;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** The static state that classes keep from one schedule to the next. */
final class StaticState {
    private static final List<String> UNCHANGING = List.of("java.util.ImmutableCollections$",
            "java.util.Collections$Empty", "java.util.Collections$Singleton", "java.util.Collections$Unmodifiable");

    private final List<Class<?>> classes;

    /** Makes one for a list of classes, which may grow meanwhile: reading a class may load another. */
    StaticState(List<Class<?>> classes) {
        this.classes = classes;
    }

    /** The static fields that can be restored. */
    List<Field> mutable() {
        return statics(false);
    }

    /** The static fields that can't be restored, but lead to an object that may change. */
    List<Field> holders() {
        List<Field> found = new ArrayList<>();
        for (Field field : statics(true)) {
            if (!field.isSynthetic() && !field.getType().isPrimitive()
                    && mayChange(get(field, null), Collections.newSetFromMap(new IdentityHashMap<>()))) {
                found.add(field);
            }
        }
        return found;
    }

    private List<Field> statics(boolean areFinal) {
        List<Field> found = new ArrayList<>();
        for (int i = 0; i < classes.size(); i++) {
            for (Field field : fields(classes.get(i))) {
                if (Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers()) == areFinal) {
                    field.setAccessible(true);
                    found.add(field);
                }
            }
        }
        return found;
    }

    private static Field[] fields(Class<?> type) {
        try {
            return type.getDeclaredFields();
        } catch (NoClassDefFoundError e) {
            return new Field[0]; // a field's type is missing, so no code can have used the class
        }
    }

    private static Object get(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        } catch (LinkageError e) {
            return null; // the class can't be initialized
        }
    }

    private boolean mayChange(Object value, Set<Object> visited) {
        if (value == null || !visited.add(value)) {
            return false;
        }
        Class<?> type = value.getClass();
        String name = type.getName();
        if (type.isArray()) {
            return Array.getLength(value) > 0;
        }
        if (value instanceof Collection || value instanceof Map) {
            return UNCHANGING.stream().noneMatch(name::startsWith);
        }
        if (name.startsWith("java.util.concurrent.") && !(value instanceof Enum) || value instanceof BitSet
                || value instanceof Random
                || value instanceof Appendable) {
            return true;
        }
        for (Class<?> here = type; here != null && classes.contains(here); here = here.getSuperclass()) {
            for (Field field : fields(here)) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()
                        && (!Modifier.isFinal(field.getModifiers()) || leads(field, value, visited))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean leads(Field field, Object value, Set<Object> visited) {
        if (field.getType().isPrimitive()) {
            return false;
        }
        field.setAccessible(true);
        return mayChange(get(field, value), visited);
    }
}
