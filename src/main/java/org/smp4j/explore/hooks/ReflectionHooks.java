package org.smp4j.explore.hooks;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.engine.Refusal;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Site;
import org.smp4j.explore.model.Sites;

/**
 * Hooks for reflection, method handles and field updaters. Methods of rewritten classes are rewritten, however they are
 * called; accesses to their fields become steps here; members of the JDK are refused, except for harmless ones.
 */
public final class ReflectionHooks {
    private static final Set<Class<?>> VALUES = Set.of(String.class, Boolean.class, Byte.class, Character.class,
            Short.class, Integer.class, Long.class, Float.class, Double.class, Math.class);
    private static final Set<String> NOT_VALUES = Set.of("random", "getInteger", "getLong", "getBoolean", "wait",
            "notify", "notifyAll");
    // By updater, the number of its field. Written and read by: strands. Ordering: the map's lock.
    private static final Map<Object, Integer> UPDATED = Collections.synchronizedMap(new WeakHashMap<>());
    private static final MethodHandle FIELD = hook("field", Object.class, int.class);
    private static final MethodHandle STATIC_FIELD = hook(ReflectionHooks.class, "reaches", Class.class, int.class);

    private ReflectionHooks() {
    }

    private static MethodHandle hook(String name, Class<?>... parameters) {
        return hook(Hooks.class, name, parameters);
    }

    private static MethodHandle hook(Class<?> in, String name, Class<?>... parameters) {
        try {
            return MethodHandles.lookup().findStatic(in, name, MethodType.methodType(void.class, parameters));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e); // it is there
        }
    }

    /**
     * Before a method, a constructor or a field is used by reflection.
     *
     * @param member the method, constructor or field, or null
     * @param target the object, or null
     * @param site of the use; its mode tells whether a field is read or written
     */
    public static void reflects(Object member, Object target, int site) {
        if (Execution.running == null || member == null) {
            return;
        }
        switch (member) {
            case Field field when Shims.isRewritten(field.getDeclaringClass()) -> {
                if (Modifier.isStatic(field.getModifiers())) {
                    initialize(field.getDeclaringClass(), site);
                }
                if (!Modifier.isFinal(field.getModifiers())) {
                    accesses(field, target, site);
                }
            }
            case Field field when Modifier.isStatic(field.getModifiers()) && Modifier.isFinal(field.getModifiers()) -> {
            }
            case Method method when isOurs(method) || Shims.isOwn(target, method.getName()) -> { }
            case Constructor<?> made when isOurs(made) || isContainer(made.getDeclaringClass()) -> { }
            default -> refuse((Member) member, site);
        }
    }

    private static boolean isOurs(Member member) {
        Class<?> type = member.getDeclaringClass();
        return Shims.isRewritten(type) || Throwable.class.isAssignableFrom(type)
                || VALUES.contains(type) && !NOT_VALUES.contains(member.getName());
    }

    private static boolean isContainer(Class<?> type) {
        return type.getPackageName().equals("java.util")
                && (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type));
    }

    private static void refuse(Member member, int site) {
        refuse(member.getDeclaringClass(), member.getName(), site);
    }

    private static void refuse(Class<?> type, String name, int site) {
        refuse(type.getName() + "." + name + ", found by its name,", site);
    }

    /**
     * Ends the exploration, as something can't be controlled.
     *
     * @param what that is
     * @param site where the program does it
     */
    public static void refuse(String what, int site) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            throw Refusal.met(what + " at " + Sites.get(site).place() + " can't be controlled");
        }
        strand.execution.refusal.of(strand, what, site);
    }

    private static void accesses(Field field, Object target, int site) {
        boolean isStatic = Modifier.isStatic(field.getModifiers());
        int ofField = siteOf(field, Sites.modeOf(site) & (Access.READ | Access.WRITE), site);
        if (isStatic) {
            Hooks.staticField(field.getDeclaringClass(), ofField);
        } else {
            Hooks.field(target, ofField);
        }
    }

    /** A handle reaches a static field. */
    private static void reaches(Class<?> owner, int ofField) {
        initialize(owner, ofField);
        Hooks.staticField(owner, ofField);
    }

    /**
     * Initializes a rewritten class within the run, if that is not done yet.
     *
     * @param type the class
     * @param site of what needs it
     * @return whether it is one that runs initialize
     */
    public static boolean initialize(Class<?> type, int site) {
        MethodHandle initializer;
        try {
            initializer = MethodHandles.privateLookupIn(type, MethodHandles.lookup()).findStatic(type,
                    "smp4j$initialize", MethodType.methodType(void.class, int.class));
        } catch (ReflectiveOperationException e) {
            return false; // it is initialized once for all runs
        }
        try {
            initializer.invokeExact(site);
        } catch (Throwable e) {
            throw ReflectionHooks.<RuntimeException>unchecked(e);
        }
        return true;
    }

    /** The site of an access to a field that only shows at run time, at the place of another site. */
    private static int siteOf(Field field, int kind, int site) {
        int order = Modifier.isVolatile(field.getModifiers())
                ? Access.VOLATILE | ((kind & Access.WRITE) != 0 ? Access.RELEASE : Access.ACQUIRE) : Access.PLAIN;
        Site at = Sites.get(site);
        return Sites.add(at.owner(), 0, at.method(), at.file(), at.line(), at.operation(), nameOf(field),
                kind | order | at.mode() & Access.HARDWARE);
    }

    private static String nameOf(Field field) {
        return field.getDeclaringClass().getName() + "." + field.getName();
    }

    /**
     * Makes an object without a constructor, as {@code sun.misc.Unsafe} does.
     *
     * @param type its class, which is initialized
     * @param site of the call
     * @return the object
     * @throws InstantiationException if there are no objects of the class
     */
    public static Object allocate(Class<?> type, int site) throws InstantiationException {
        if (!Shims.isRewritten(type) || Thread.class.isAssignableFrom(type)) {
            refuse("sun.misc.Unsafe.allocateInstance of " + type.getName(), site);
        }
        try {
            initialize(type, site);
            Class<?> unsafe = Class.forName("sun.misc.Unsafe");
            Field only = unsafe.getDeclaredField("theUnsafe");
            only.setAccessible(true);
            return unsafe.getMethod("allocateInstance", Class.class).invoke(only.get(null), type);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof InstantiationException none) {
                throw none;
            }
            throw ReflectionHooks.<RuntimeException>unchecked(e.getCause());
        } catch (ReflectiveOperationException e) {
            refuse("sun.misc.Unsafe.allocateInstance, which this JDK lacks,", site);
            throw new IllegalStateException(e);
        }
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E unchecked(Throwable thrown) throws E {
        throw (E) thrown;
    }

    // ---- method handles

    /**
     * After a lookup of a method or a field.
     *
     * @param found the handle
     * @param in the class or object in which it was looked up, or the reflected method or field
     * @param name its name, or null
     * @param site of the lookup
     * @return the handle, which makes a step before it accesses a field
     */
    public static Object found(Object found, Object in, Object name, int site) {
        String lookup = Sites.get(site).target();
        if (lookup.endsWith("etter")) {
            Field field = in instanceof Field known ? known : field((Class<?>) in, (String) name);
            return field == null ? found : stepping((MethodHandle) found, field, lookup.endsWith("Setter"), site);
        }
        if (in instanceof Method method) {
            if (!isOurs(method)) {
                refuse(method, site);
            }
            return found;
        }
        Class<?> type = in instanceof Class<?> known ? known : in.getClass();
        if (!declares(type, (String) name, ((MethodHandle) found).type())) {
            refuse(type, (String) name, site);
        }
        return found;
    }

    private static MethodHandle stepping(MethodHandle found, Field field, boolean writes, int site) {
        if (Modifier.isFinal(field.getModifiers())) {
            return found;
        }
        if (!Shims.isRewritten(field.getDeclaringClass())) {
            refuse(field, site);
        }
        int ofField = siteOf(field, writes ? Access.WRITE : Access.READ, site);
        MethodHandle step = Modifier.isStatic(field.getModifiers())
                ? MethodHandles.insertArguments(STATIC_FIELD, 0, field.getDeclaringClass(), ofField)
                : MethodHandles.insertArguments(FIELD, 1, ofField)
                .asType(MethodType.methodType(void.class, found.type().parameterType(0)));
        return MethodHandles.foldArguments(found, step);
    }

    private static Field field(Class<?> in, String name) {
        for (Class<?> here = in; here != null; here = here.getSuperclass()) {
            for (Field field : here.getDeclaredFields()) {
                if (field.getName().equals(name)) {
                    return field;
                }
            }
        }
        return null;
    }

    /** Whether all classes are rewritten from one up to that which declares the method with a handle of this type. */
    private static boolean declares(Class<?> in, String name, MethodType handle) {
        if (VALUES.contains(in)) {
            return !NOT_VALUES.contains(name);
        }
        for (Class<?> here = in; here != null && Shims.isRewritten(here); here = here.getSuperclass()) {
            for (Method method : here.getDeclaredMethods()) {
                MethodType type = MethodType.methodType(method.getReturnType(), method.getParameterTypes());
                if (method.getName().equals(name) && (type.equals(handle) || handle.parameterCount() > 0
                        && type.equals(handle.dropParameterTypes(0, 1)))) {
                    return true;
                }
            }
        }
        for (Class<?> here : in.getInterfaces()) {
            if (declares(here, name, handle)) {
                return true;
            }
        }
        return false;
    }

    // ---- field updaters

    /** {@return the updater, after it was made} */
    public static Object updates(Object updater, Object type, Object name, int site) {
        UPDATED.put(updater, Sites.field(((Class<?>) type).getName() + "." + name));
        return updater;
    }

    /** Before an operation of a field updater. */
    public static void updater(Object updater, Object target, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && updater != null) {
            Integer field = UPDATED.get(updater);
            if (field == null) {
                strand.execution.refusal.of(strand, "a field updater that a library made,", site);
            } else {
                Hooks.step(strand, target, field, site, Sites.modeOf(site));
            }
        }
    }
}
