package org.smp4j.surface;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Supplier;
import org.smp4j.cpu.LocalIrq;
import org.smp4j.cpu.Preempt;

/**
 * Implementations of any interface that a user may implement: a harmless one, and those that misbehave whatever is
 * called.
 */
enum Callbacks {
    /** Its {@code toString} throws too. */
    THROWS_WHAT_CANNOT_BE_PRINTED(() -> {
        throw new Marker();
    }),
    /** As a real one would. */
    RUNS_OUT_OF_MEMORY(() -> {
        throw new OutOfMemoryError("on purpose");
    }),
    /** A real one. */
    RUNS_OUT_OF_STACK(Callbacks::recurse),
    /** And does not throw. */
    LEAVES_PREEMPTION_OFF(() -> {
        Preempt.disable();
        return null;
    }),
    /** On where they were off, and off where they were on. */
    TURNS_IRQS_ROUND(() -> {
        if (LocalIrq.disabled()) {
            LocalIrq.enable();
        } else {
            LocalIrq.disable();
        }
        return null;
    }),
    /** Gives up what its caller holds. */
    SWITCHES_EVERYTHING_ON(() -> {
        Preempt.enable();
        Preempt.enable();
        LocalIrq.enable();
        return null;
    });

    /** What such a callback throws, where it reaches the caller. */
    static final class Marker extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @Override
        public String toString() {
            throw new IllegalStateException("toString");
        }
    }

    private final Supplier<Object> behaviour;

    Callbacks(Supplier<Object> behaviour) {
        this.behaviour = behaviour;
    }

    private static Object recurse() {
        return recurse().hashCode();
    }

    Object of(Class<?> type) {
        return proxy(type, (self, method, arguments) -> {
            if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("toString") ? name() : identity(self, method, arguments);
            }
            behaviour.get();
            return harmless(method);
        });
    }

    /** One that does nothing, and answers so that no caller goes on forever. */
    static Object harmless(Class<?> type) {
        return proxy(type, (self, method, arguments) -> method.getDeclaringClass() == Object.class
                ? identity(self, method, arguments) : harmless(method));
    }

    private static Object proxy(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(type.getClassLoader() == null ? Callbacks.class.getClassLoader()
                : type.getClassLoader(), new Class<?>[] {type}, handler);
    }

    private static Object identity(Object self, Method method, Object[] arguments) {
        return switch (method.getName()) {
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == arguments[0];
            default -> "callback";
        };
    }

    private static Object harmless(Method method) {
        Class<?> type = method.getReturnType();
        if (type == boolean.class) {
            // a condition that is waited for, or selects
            return method.getName().equals("getAsBoolean") || method.getName().equals("test");
        }
        return type == int.class ? 0 : type == String.class ? "callback" : null;
    }
}
