package org.smp4j.explore.model;

/** Class names for messages and reports. */
public final class Names {
    /** The name of the loaders that define rewritten classes. */
    public static final String LOADER = "explore";

    /** What {@code new Object()} makes in rewritten code. */
    private static final String PLAIN_OBJECT = "org.smp4j.explore.hooks.PlainObject";
    /** What {@code new URLClassLoader()} makes there. */
    private static final String URL_LOADER = "org.smp4j.explore.loaders.OwnUrlLoader";
    /** The package of the shadows of JDK classes, which are rewritten; the rest of their name is the JDK's. */
    public static final String SHADOW = "smp4j.shadow.";

    private Names() {
    }

    /** {@return the name that a class has for users: a shadow has the JDK's} */
    public static String real(String name) {
        int at = name.indexOf(SHADOW);
        return at < 0 ? name : name.substring(0, at) + real(name.substring(at + SHADOW.length()));
    }

    /** {@return the name of a class without its package and its enclosing class} */
    public static String simple(Class<?> type) {
        if (type.isArray()) {
            return simple(type.componentType()) + "[]";
        }
        String name = type.getName();
        if (name.equals(PLAIN_OBJECT)) {
            return "Object";
        }
        if (name.equals(URL_LOADER)) {
            return "URLClassLoader";
        }
        return name.substring(Math.max(name.lastIndexOf('.'), name.lastIndexOf('$')) + 1);
    }
}
