package org.smp4j.junit;

import java.lang.annotation.Annotation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.platform.commons.support.AnnotationSupport;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.smp4j.explore.instrument.LoadedProgram;
import org.smp4j.explore.model.ExplorerException;

/**
 * A test method in the explorer's copy of its class. All lookups are by name, since none of the copy's types are those
 * of the caller.
 */
final class ExploredMethod {
    /** The type of the parameter that a method may have. */
    static final String MACHINE = "org.smp4j.Machine";

    private static final String FOREIGN = "org.smp4j.scenario.ForeignScenario";

    private ExploredMethod() {
    }

    /** {@return the name in tokens and reports} */
    static String name(Class<?> type, Method method) {
        return type.getName() + "#" + method.getName();
    }

    /** {@return whether JUnit ignores the method} */
    static boolean isUnseen(Method method) {
        return Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers())
                || method.getReturnType() != void.class;
    }

    /** {@return why a method can't be explored, or null} */
    static String fault(Class<?> type, Method method) {
        Class<?>[] parameters = method.getParameterTypes();
        if (parameters.length > 1 || parameters.length == 1 && !parameters[0].getName().equals(MACHINE)) {
            return "it takes " + String.join(", ", Arrays.stream(parameters).map(Class::getSimpleName).toList())
                    + "; it must take a Machine or nothing";
        }
        if (Arrays.stream(type.getDeclaredMethods())
                .filter(other -> other.getName().equals(method.getName()) && ExploreExtension.isExplored(other))
                .count() > 1) {
            return "another @Explore method has the same name, and a token could not distinguish them; rename one";
        }
        if (type.isMemberClass() && !Modifier.isStatic(type.getModifiers()) || type.isLocalClass()) {
            return type.getSimpleName() + " is an inner class; make it static or a top-level class";
        }
        if (Arrays.stream(type.getDeclaredConstructors())
                .noneMatch(constructor -> constructor.getParameterCount() == 0)) {
            return type.getSimpleName() + " has no constructor without parameters";
        }
        return null;
    }

    /**
     * The entry point for the explorer.
     *
     * @param type the class of the test, as JUnit has it
     * @param method the test
     * @param cpus the number of CPUs of its machine
     * @param params the boot parameters of its machine
     * @return finds the same method in the explorer's copy
     * @throws ExplorerException if the method can't be explored
     */
    static LoadedProgram.Entry entry(Class<?> type, Method method, int cpus, String params) {
        String fault = fault(type, method);
        if (fault != null) {
            throw refused(type, method, fault);
        }
        String name = method.getName();
        boolean machine = method.getParameterCount() == 1;
        return loaded -> {
            List<MethodHandle> before = each(loaded, method, BeforeEach.class, HierarchyTraversalMode.TOP_DOWN);
            List<MethodHandle> after = each(loaded, method, AfterEach.class, HierarchyTraversalMode.BOTTOM_UP);
            MethodHandle constructor = constructor(loaded);
            MethodHandle test = test(loaded, name, machine);
            if (!machine) {
                return new LoadedProgram.Rooted() {
                    @Override
                    public void run() throws Throwable {
                        Object object = constructor.invokeExact();
                        root = object;
                        all(before, object);
                        test.invokeExact(object);
                        all(after, object);
                    }
                };
            }
            MethodHandle scenario = MethodHandles.publicLookup()
                    .findConstructor(Class.forName(FOREIGN, false, loaded.getClassLoader()),
                    MethodType.methodType(void.class, int.class, String.class, Consumer.class, Consumer.class))
                    .asType(MethodType.methodType(Runnable.class, int.class, String.class, Consumer.class,
                    Consumer.class));
            return () -> {
                Object object = constructor.invokeExact();
                Consumer<Object> body = booted -> {
                    try {
                        all(before, object);
                        test.invokeExact(object, booted);
                    } catch (Throwable e) {
                        throw ExploredMethod.<RuntimeException>unchecked(e);
                    }
                };
                Consumer<Object> end = _ -> {
                    try {
                        all(after, object);
                    } catch (Throwable e) {
                        throw ExploredMethod.<RuntimeException>unchecked(e);
                    }
                };
                Runnable run = (Runnable) scenario.invokeExact(cpus, params, body, end);
                run.run();
            };
        };
    }

    private static ExplorerException refused(Class<?> type, Method method, String fault) {
        return new ExplorerException("@Explore " + name(type, method) + ": " + fault);
    }

    private static MethodHandle constructor(Class<?> type) throws ReflectiveOperationException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        return MethodHandles.lookup().unreflectConstructor(constructor).asType(MethodType.methodType(Object.class));
    }

    /** The method itself, or an inherited one. */
    private static MethodHandle test(Class<?> type, String name, boolean machine) throws ReflectiveOperationException {
        Class<?>[] parameters = machine ? new Class<?>[] {Class.forName(MACHINE, false, type.getClassLoader())}
                : new Class<?>[0];
        for (Class<?> owner = type; owner != null; owner = owner.getSuperclass()) {
            for (Method method : owner.getDeclaredMethods()) {
                if (method.getName().equals(name) && Arrays.equals(method.getParameterTypes(), parameters)) {
                    MethodType generic = MethodType.genericMethodType(1 + parameters.length)
                            .changeReturnType(void.class);
                    return handle(method).asType(generic);
                }
            }
        }
        throw new NoSuchMethodException(type.getName() + "." + name);
    }

    private static MethodHandle handle(Method method) throws IllegalAccessException {
        method.setAccessible(true);
        return MethodHandles.lookup().unreflect(method);
    }

    private static List<MethodHandle> each(Class<?> type, Method test, Class<? extends Annotation> annotation,
            HierarchyTraversalMode order)
            throws ReflectiveOperationException {
        List<MethodHandle> handles = new ArrayList<>();
        for (Method method : AnnotationSupport.findAnnotatedMethods(type, annotation, order)) {
            if (method.getParameterCount() != 0 || Modifier.isStatic(method.getModifiers())) {
                throw refused(type, test, "@" + annotation.getSimpleName() + " " + method.getName()
                        + " must take no parameters and must not be static");
            }
            handles.add(handle(method).asType(MethodType.methodType(void.class, Object.class)));
        }
        return handles;
    }

    private static void all(List<MethodHandle> methods, Object object) throws Throwable {
        for (MethodHandle method : methods) {
            method.invokeExact(object);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable e) throws E {
        throw (E) e;
    }
}
