package org.smp4j.weave;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.stream.Stream;

/**
 * A public static method to call at a place in the code. Its class may be a woven one or belong to the parent loader.
 *
 * <p>It takes nothing, or the first few of the surrounding method's object and parameters, with their values at that
 * moment. For a type that the hook can't name it takes an {@link Object}.
 *
 * @param owner its class
 * @param name its name
 * @param type its parameters and result
 */
public record Hook(ClassDesc owner, String name, MethodTypeDesc type) {
    /**
     * Names a hook.
     *
     * @param owner a public class
     * @param name its only static method of that name, which is public
     * @return the hook
     * @throws IllegalArgumentException if there is no such method, or several
     */
    public static Hook hook(Class<?> owner, String name) {
        List<Method> methods = Stream.of(owner.getDeclaredMethods())
                .filter(m -> m.getName().equals(name) && Modifier.isStatic(m.getModifiers())).toList();
        if (methods.size() != 1) {
            throw new IllegalArgumentException(owner.getName() + " has " + methods.size() + " static methods " + name
                    + "; a hook needs exactly one");
        }
        Method method = methods.getFirst();
        for (Class<?> type = owner; type != null; type = type.getEnclosingClass()) {
            if (!Modifier.isPublic(type.getModifiers())) {
                throw new IllegalArgumentException(type.getName()
                        + " is not public: a hook is called from other packages");
            }
        }
        if (!Modifier.isPublic(method.getModifiers())) {
            throw new IllegalArgumentException(owner.getName() + "." + name
                    + " is not public: a hook is called from other packages");
        }
        return new Hook(owner.describeConstable().orElseThrow(), name,
                MethodType.methodType(method.getReturnType(), method.getParameterTypes()).describeConstable()
                .orElseThrow());
    }

    @Override
    public String toString() {
        return owner.packageName() + "." + owner.displayName() + "." + name;
    }
}
