package org.smp4j.explore.loaders;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.URLConnection;
import java.net.URLStreamHandlerFactory;
import java.security.ProtectionDomain;
import org.smp4j.explore.environment.RewrittenLoader;
import org.smp4j.explore.model.Names;

/** Stands in for {@link URLClassLoader}; as {@link OwnLoader}. */
public class OwnUrlLoader extends URLClassLoader implements RewrittenLoader.Fresh {
    static {
        registerAsParallelCapable(); // as the JDK's is
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
    public OwnUrlLoader(URL[] urls) {
        this(null, urls, Loads.home());
    }

    /** Makes one below another; null for the JVM's own. */
    public OwnUrlLoader(URL[] urls, ClassLoader parent) {
        this(null, urls, parent);
    }

    /** Makes one with handlers of its own. */
    public OwnUrlLoader(URL[] urls, ClassLoader parent, URLStreamHandlerFactory factory) {
        this(null, urls, parent, factory);
    }

    /** Makes one with a name. */
    public OwnUrlLoader(String name, URL[] urls, ClassLoader parent) {
        this(name, urls, parent, null);
    }

    /** Makes one with a name and handlers of its own. */
    @SuppressWarnings("this-escape") // to what only calls it back when it is asked for a class
    public OwnUrlLoader(String name, URL[] urls, ClassLoader parent, URLStreamHandlerFactory factory) {
        super(Names.LOADER, urls, Loads.parent(parent), factory);
        this.name = Loads.checked(name);
        loads = new Loads(this, new Inherited(), (Home) Loads.home());
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

    @Override
    protected Class<?> findClass(String className) throws ClassNotFoundException {
        String path = className.replace('.', '/') + ".class";
        URL url = super.findResource(path);
        if (url == null) {
            throw new ClassNotFoundException(className);
        }
        try {
            URLConnection connection = url.openConnection();
            connection.setUseCaches(false);
            try (InputStream in = connection.getInputStream()) {
                return loads.define(className, in.readAllBytes(), Places.domain(Places.root(url, path), this),
                        Loads.FOUND);
            }
        } catch (IOException e) {
            throw new ClassNotFoundException(className, e);
        }
    }
}
