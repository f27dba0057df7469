package org.smp4j.explore.environment;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.IdentityHashMap;
import java.util.Map;

/** Values of inheritable thread locals: a thread inherits them from its maker when it is made. */
public final class InheritedLocals {
    private final Map<Thread, Map<ThreadLocal<?>, Object>> values = new IdentityHashMap<>();

    void begin() {
        if (!values.isEmpty()) {
            values.clear();
        }
    }

    /** {@return the values that a thread starts with; null for none} */
    public Map<ThreadLocal<?>, Object> of(Thread thread) {
        return values.isEmpty() ? null : values.remove(thread);
    }

    /** Notes that a strand with these thread locals has made a thread. */
    public void made(Map<ThreadLocal<?>, Object> ofMaker, Thread thread) {
        Map<ThreadLocal<?>, Object> inherited = null;
        for (Map.Entry<ThreadLocal<?>, Object> local : ofMaker.entrySet()) {
            if (local.getKey() instanceof InheritableThreadLocal<?> inheritable) {
                inherited = inherited == null ? new IdentityHashMap<>() : inherited;
                inherited.put(inheritable, child(inheritable, local.getValue()));
            }
        }
        if (inherited != null) {
            values.put(thread, inherited);
        }
    }

    /**
     * The value that a child inherits, as the program's own subclass computes it, which may not be accessible; the
     * JDK's class passes the value on.
     */
    private static Object child(InheritableThreadLocal<?> local, Object value) {
        for (Class<?> type = local.getClass(); type != InheritableThreadLocal.class; type = type.getSuperclass()) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.getName().equals("childValue") && method.getParameterCount() == 1
                        && method.getParameterTypes()[0] == Object.class) {
                    return call(method, local, value);
                }
            }
        }
        return value;
    }

    private static Object call(Method method, InheritableThreadLocal<?> local, Object value) {
        method.setAccessible(true);
        try {
            return method.invoke(local, value);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof RuntimeException exception ? exception : new IllegalStateException(e);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
