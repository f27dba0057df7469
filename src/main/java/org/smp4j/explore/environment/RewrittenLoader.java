package org.smp4j.explore.environment;

/**
 * A class loader whose classes were rewritten to be explored. It has no methods: a class of the program, which may
 * extend such a loader, would override them by chance.
 */
public interface RewrittenLoader {
    /** One that each run makes anew, and with it its classes and their static fields. */
    interface Fresh extends RewrittenLoader {
    }

    /** {@return whether a class was rewritten to be explored} */
    static boolean defines(Class<?> type) {
        return type.getClassLoader() instanceof RewrittenLoader;
    }

    /** {@return whether a class was rewritten, and is another one in each run} */
    static boolean definesAnew(Class<?> type) {
        return type.getClassLoader() instanceof Fresh;
    }
}
