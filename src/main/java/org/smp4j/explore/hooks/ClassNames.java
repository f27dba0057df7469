package org.smp4j.explore.hooks;

import org.smp4j.explore.model.Names;

/** Replaces the methods of {@code Class} that return a name: a class of the JDK that was renamed has its own one. */
public final class ClassNames {
    private ClassNames() {
    }

    private static boolean isShadow(Class<?> type) {
        return (type.isArray() ? type.componentType() : type).getName().startsWith(Names.SHADOW);
    }

    public static String name(Class<?> type) {
        return Names.real(type.getName());
    }

    public static String typeName(Class<?> type) {
        return Names.real(type.getTypeName());
    }

    public static String simpleName(Class<?> type) {
        return isShadow(type) ? Names.simple(type) : type.getSimpleName();
    }

    public static String canonicalName(Class<?> type) {
        return isShadow(type) ? Names.real(type.getTypeName()).replace('$', '.') : type.getCanonicalName();
    }

    public static String packageName(Class<?> type) {
        return Names.real(type.getPackageName());
    }

    public static String text(Class<?> type) {
        return Names.real(type.toString());
    }

    /** Replaces {@code Object.toString()} in renamed classes. */
    public static String text(Object object) {
        return Names.real(object.getClass().getName()) + "@" + Integer.toHexString(object.hashCode());
    }
}
