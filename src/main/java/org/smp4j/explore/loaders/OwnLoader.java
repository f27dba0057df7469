package org.smp4j.explore.loaders;

import java.security.ProtectionDomain;
import org.smp4j.explore.environment.RewrittenLoader;
import org.smp4j.explore.model.Names;

/**
 * Stands in for {@link ClassLoader} as the superclass of the program's class loaders. It has no further methods: the
 * program's class would override them by chance.
 */
public abstract class OwnLoader extends ClassLoader implements RewrittenLoader.Fresh {
    static {
        registerAsParallelCapable(); // else none of its subclasses could be
    }

    /** The methods of the JDK that only a subclass can call. */
    private final class Inherited implements Loads.Methods {
        @Override
        public Class<?> define(String className, byte[] file, ProtectionDomain domain) {
            return defineClass(className, file, 0, file.length, domain);
        }

        @Override
        public Class<?> loaded(String className) {
            return findLoadedClass(className);
        }

        @Override
        public Class<?> load(String className) throws ClassNotFoundException {
            return loadClass(className, false);
        }

        @Override
        public Class<?> find(String className) throws ClassNotFoundException {
            return findClass(className);
        }

        @Override
        public Object lock(String className) {
            return getClassLoadingLock(className);
        }
    }

    final Loads loads;
    private final String name;

    /** Makes one below the loader of the program. */
    protected OwnLoader() {
        this(null, Loads.home());
    }

    /** Makes one below another; null for the JVM's own. */
    protected OwnLoader(ClassLoader parent) {
        this(null, parent);
    }

    /** Makes one with a name. */
    @SuppressWarnings("this-escape") // to what only calls it back when it is asked for a class
    protected OwnLoader(String name, ClassLoader parent) {
        this(name, Loads.parent(parent), Loads.home());
    }

    private OwnLoader(String name, ClassLoader parent, ClassLoader home) {
        super(Names.LOADER, parent);
        this.name = Loads.checked(name);
        loads = new Loads(this, new Inherited(), (Home) home);
        setDefaultAssertionStatus(true); // as for all classes of the program
    }

    @Override
    public String getName() {
        return name;
    }

    @Override
    public Class<?> loadClass(String className) throws ClassNotFoundException {
        return loads.asked(className);
    }

    @Override
    protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
        return loads.load(className);
    }
}
