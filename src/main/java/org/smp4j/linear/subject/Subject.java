package org.smp4j.linear.subject;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.smp4j.explore.model.ExplorerException;
import org.smp4j.linear.Operation;
import org.smp4j.linear.State;

/** A class with operations, as one loader has it. */
public final class Subject {
    /**
     * An operation.
     *
     * @param method the method
     * @param handle calls it, with the object and the arguments in an array
     * @param values the values of each parameter
     */
    public record Op(Method method, MethodHandle handle, List<List<Object>> values) {
        public String name() {
            return method.getName();
        }

        public boolean isVoid() {
            return method.getReturnType() == void.class;
        }

        public boolean isBlocking() {
            return method.getAnnotation(Operation.class).blocking();
        }

        /** {@return the group of which only one thread at a time may call operations; empty for none} */
        public String group() {
            return method.getAnnotation(Operation.class).nonParallel();
        }

        String signature() {
            return signatureOf(method) + values.stream().map(each -> "," + each.size()).toList();
        }
    }

    private static final MethodType CALL = MethodType.methodType(Object.class, Object.class, Object[].class);

    private final List<Op> operations;
    private final MethodHandle constructor;
    private final MethodHandle state;
    private final MethodHandle check;

    private Subject(Class<?> type, List<Op> operations, Method state, Method check) {
        this.operations = operations;
        constructor = constructor(type);
        this.state = state == null ? null
                : handle(state).asType(MethodType.methodType(Object.class, Object.class));
        this.check = check == null ? null
                : handle(check).asType(MethodType.methodType(void.class, Object.class));
    }

    /**
     * Finds the operations of a class.
     *
     * @param type the class
     * @param check the name of a method that is called at the end of each run; null for none
     * @return the class with its operations, in an order that depends only on their names and parameters
     */
    static Subject of(Class<?> type, String check) {
        List<Method> methods = methods(type, Operation.class);
        if (methods.isEmpty()) {
            throw new ExplorerException(type.getName() + " has no operations; mark some methods with @Operation");
        }
        methods.sort(Comparator.comparing(Subject::signatureOf));
        List<Op> operations = new ArrayList<>();
        for (Method method : methods) {
            List<List<Object>> values = Arrays.stream(method.getParameters()).map(each -> domain(method, each))
                    .toList();
            operations.add(new Op(method, call(method), values));
        }
        List<Method> states = methods(type, State.class);
        if (states.size() > 1 || states.stream().anyMatch(each -> each.getParameterCount() > 0)) {
            throw new ExplorerException(type.getName() + ": one method without parameters may be the @State, not "
                    + states.stream().map(Subject::signatureOf).toList());
        }
        return new Subject(type, List.copyOf(operations), states.isEmpty() ? null : states.getFirst(),
                check == null ? null : named(type, check));
    }

    /**
     * The sequential specification: a class with methods of the same names and parameters, marked or not.
     *
     * @param type the class
     * @return the class with the same operations
     */
    Subject specifiedBy(Class<?> type) {
        List<Op> same = operations.stream().map(each -> {
            Method method = find(type, each.method().getName(), each.method().getParameterTypes());
            if (method == null) {
                throw new ExplorerException(type.getName() + " specifies the operations, but has no method "
                        + signatureOf(each.method()));
            }
            return new Op(each.method(), call(method), each.values());
        }).toList();
        List<Method> states = methods(type, State.class);
        if (state != null && states.size() != 1) {
            throw new ExplorerException(type.getName() + " specifies the operations, but has no @State, as the class "
                    + "under test has");
        }
        return new Subject(type, same, state == null ? null : states.getFirst(), null);
    }

    private static String signatureOf(Method method) {
        return method.getName() + Arrays.stream(method.getParameterTypes()).map(Class::getName).toList();
    }

    /** Methods with an annotation, inherited ones too; one that is overridden counts once. */
    private static List<Method> methods(Class<?> type, Class<? extends Annotation> annotation) {
        List<Method> found = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (Class<?> owner = type; owner != null && owner != Object.class; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                if (method.isBridge() || !seen.add(signatureOf(method)) || !method.isAnnotationPresent(annotation)) {
                    continue;
                }
                if (Modifier.isStatic(method.getModifiers()) || Modifier.isAbstract(method.getModifiers())) {
                    throw new ExplorerException("@" + annotation.getSimpleName() + " " + type.getName() + "."
                            + method.getName() + " must be neither static nor abstract");
                }
                found.add(method);
            }
        }
        return found;
    }

    private static Method find(Class<?> type, String name, Class<?>... parameters) {
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                if (method.getName().equals(name) && Arrays.equals(method.getParameterTypes(), parameters)) {
                    return method;
                }
            }
        }
        return null;
    }

    private static Method named(Class<?> type, String name) {
        Method found = find(type, name);
        if (found == null) {
            throw new ExplorerException(type.getName() + " has no method " + name + "()");
        }
        return found;
    }

    private static List<Object> domain(Method method, Parameter parameter) {
        String what = method.getDeclaringClass().getName() + "." + method.getName();
        return Domain.of(what, parameter);
    }

    private static MethodHandle handle(Method method) {
        try {
            method.setAccessible(true);
            return MethodHandles.lookup().unreflect(method);
        } catch (IllegalAccessException e) {
            throw new ExplorerException(method + " can't be called: " + e.getMessage(), e);
        }
    }

    private static MethodHandle call(Method method) {
        int count = method.getParameterCount();
        return handle(method).asType(MethodType.genericMethodType(1 + count)).asSpreader(Object[].class, count)
                .asType(CALL);
    }

    private static MethodHandle constructor(Class<?> type) {
        if (Modifier.isAbstract(type.getModifiers()) || type.isMemberClass()
                && !Modifier.isStatic(type.getModifiers()) || type.isLocalClass()) {
            throw new ExplorerException(type.getName() + " is abstract or an inner class: each run makes an object of "
                    + "the class, so it must be a top-level or static one");
        }
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return MethodHandles.lookup().unreflectConstructor(constructor)
                    .asType(MethodType.methodType(Object.class));
        } catch (NoSuchMethodException | IllegalAccessException e) {
            throw new ExplorerException(type.getName() + " needs a constructor without parameters: each run makes an "
                    + "object of the class", e);
        }
    }

    public List<Op> operations() {
        return operations;
    }

    public boolean hasState() {
        return state != null;
    }

    /** {@return a number that changes with the operations and their values} */
    public int fingerprint() {
        return (operations.stream().map(Op::signature).toList().toString() + hasState()).hashCode();
    }

    public Object make() throws Throwable {
        return constructor.invokeExact();
    }

    public Object state(Object object) throws Throwable {
        return state.invokeExact(object);
    }

    /** Calls the method that checks the object at the end of a run, if there is one. */
    public void check(Object object) throws Throwable {
        if (check != null) {
            check.invokeExact(object);
        }
    }
}
