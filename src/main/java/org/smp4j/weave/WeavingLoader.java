package org.smp4j.weave;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Modifier;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads its own copy of the tower and of the scenarios that run on it, changed by a {@link Weave}; everything else
 * comes from its parent. A scenario and its caller can therefore only exchange objects of types of the parent: an
 * interface beside the tower, or the JDK's.
 */
public final class WeavingLoader extends ClassLoader {
    private static final String HOUSE = "org.smp4j.";
    private static final Set<String> FLOORS = Set.of("lib", "cpu", "call", "sched", "stop", "hotplug");

    static {
        registerAsParallelCapable();
    }

    private final Set<String> scenarios;
    private final Map<String, byte[]> changed = new HashMap<>();

    WeavingLoader(Weave weave, ClassLoader parent, Class<?>... scenarios) {
        super("weave", parent);
        this.scenarios = Stream.of(scenarios).map(Class::getName).collect(Collectors.toUnmodifiableSet());
        // eagerly: an edit that does not fit must be reported even if the class is never used
        for (String name : weave.classes()) {
            if (!isOurs(name)) {
                throw new WeaveException(name + " is to be changed, but is neither in the tower nor a scenario: name "
                        + "it as a scenario");
            }
            try {
                changed.put(name, weave.apply(name, read(name), parent));
            } catch (ClassNotFoundException e) {
                throw new WeaveException("there is no class " + name + " to be changed", e);
            }
        }
    }

    /** Whether a class is loaded here: it is in the tower, or a scenario, or nested in one. */
    private boolean isOurs(String name) {
        int end = name.indexOf('$');
        for (; end >= 0; end = name.indexOf('$', end + 1)) {
            if (scenarios.contains(name.substring(0, end))) {
                return true;
            }
        }
        return scenarios.contains(name) || name.startsWith(HOUSE) && isTower(name.substring(HOUSE.length()));
    }

    /** Whether a class, named without the root package's prefix, is in the tower's root or one of its floors. */
    private static boolean isTower(String rest) {
        int dot = rest.indexOf('.');
        return dot < 0 || FLOORS.contains(rest.substring(0, dot));
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!isOurs(name)) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? findClass(name) : loaded;
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        if (bytes == null) {
            bytes = read(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    private byte[] read(String name) throws ClassNotFoundException {
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (in == null) {
                throw new ClassNotFoundException(name);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
    }

    /**
     * Makes an object of this loader's copy of a scenario.
     *
     * @param <T> the type under which its caller knows it
     * @param type that type: public, and not loaded here
     * @param scenario the class, with a constructor without parameters
     * @return the object
     */
    public <T> T make(Class<T> type, Class<? extends T> scenario) {
        if (isOurs(type.getName())) {
            throw new IllegalArgumentException(type.getName()
                    + " is loaded twice, and so can't be what caller and scenario share");
        }
        if (!Modifier.isPublic(type.getModifiers())) {
            throw new IllegalArgumentException(type.getName()
                    + " is not public, and so can't be what caller and scenario share");
        }
        if (!isOurs(scenario.getName())) {
            throw new IllegalArgumentException(scenario.getName() + " is not loaded here: name it as a scenario");
        }
        try {
            var constructor = loadClass(scenario.getName()).getDeclaredConstructor();
            constructor.setAccessible(true);
            return type.cast(constructor.newInstance());
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(scenario.getName() + " can't be made", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(scenario.getName() + " needs a constructor without parameters", e);
        }
    }
}
