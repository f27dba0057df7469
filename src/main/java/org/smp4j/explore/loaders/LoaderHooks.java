package org.smp4j.explore.loaders;

import java.lang.invoke.MethodHandles;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.security.ProtectionDomain;
import java.util.Arrays;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.ClassInitialization;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.environment.RewrittenLoader;
import org.smp4j.explore.hooks.Hooks;
import org.smp4j.explore.hooks.ReflectionHooks;

/** In place of JDK calls that load classes, and in classes that a class loader of the program defines. */
public final class LoaderHooks {
    private static final StackWalker STACK = StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE);

    private LoaderHooks() {
    }

    // ---- in the code of a loader

    /**
     * At the beginning of a {@code loadClass} that the JVM does not call.
     *
     * @return the class, if it is one that rewritten code needs beside the program's own; else null
     */
    public static Class<?> support(ClassLoader loader, String name) throws ClassNotFoundException {
        return name == null ? null : loadsOf(loader).support(name);
    }

    /** {@return the class that a {@code loadClass} which the JVM may call is to give, if it is known already} */
    public static Class<?> known(ClassLoader loader, String name) throws ClassNotFoundException {
        return name == null ? null : loadsOf(loader).known(name);
    }

    /** {@return whether the JVM calls; asked after {@link #known}} */
    public static boolean enters(ClassLoader loader, String name, int site) {
        return loadsOf(loader).enters(name, site);
    }

    /** Before the end of such a {@code loadClass}. */
    public static void leaves(ClassLoader loader, boolean quiet) {
        loadsOf(loader).leaves(quiet);
    }

    private static Loads loadsOf(ClassLoader loader) {
        return Loads.of(loader);
    }

    // ---- calls of loaders

    /** Before a call of {@code loadClass}. */
    public static void asks(ClassLoader loader, String name, int site) {
        if (Loads.of(loader) != null) {
            Loads.asks();
        } else {
            mustNotDefine(loader, name, site);
        }
    }

    /** A loader that has the program's classes as they are is not asked for one of these. */
    private static void mustNotDefine(ClassLoader loader, String name, int site) {
        boolean isJdks = loader == null || loader == ClassLoader.getPlatformClassLoader();
        if (!isJdks && !(loader instanceof RewrittenLoader) && name != null
                && ((Home) Loads.home()).rewrites(name)) {
            ReflectionHooks.refuse("the class " + name + " of the loader " + loader.getClass().getName()
                    + ", where it is not rewritten,", site);
        }
    }

    /** Replaces {@code ClassLoader.defineClass}. */
    public static Class<?> defineClass(ClassLoader loader, String name, byte[] bytes, int offset, int length,
            ProtectionDomain domain, int site) {
        if ((offset | length | offset + length | bytes.length - offset - length) < 0) {
            throw new ArrayIndexOutOfBoundsException();
        }
        return loadsOf(loader).define(name, Arrays.copyOfRange(bytes, offset, offset + length), domain, site);
    }

    /** Replaces {@code ClassLoader.defineClass} without a domain. */
    public static Class<?> defineClass(ClassLoader loader, String name, byte[] bytes, int offset, int length,
            int site) {
        return defineClass(loader, name, bytes, offset, length, null, site);
    }

    /** Replaces {@code ClassLoader.defineClass} without a name. */
    public static Class<?> defineClass(ClassLoader loader, byte[] bytes, int offset, int length, int site) {
        return defineClass(loader, null, bytes, offset, length, null, site);
    }

    /** Replaces {@code ClassLoader.defineClass} of a buffer. */
    public static Class<?> defineClass(ClassLoader loader, String name, ByteBuffer buffer, ProtectionDomain domain,
            int site) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return defineClass(loader, name, bytes, 0, bytes.length, domain, site);
    }

    /** Replaces {@code ClassLoader.findLoadedClass}. */
    public static Class<?> findLoadedClass(ClassLoader loader, String name, int site) {
        return loadsOf(loader).loaded(name, site);
    }

    /** Replaces {@code ClassLoader.findSystemClass}. */
    public static Class<?> findSystemClass(ClassLoader loader, String name) throws ClassNotFoundException {
        return Loads.home().loadClass(name);
    }

    /** Replaces {@code ClassLoader.getSystemClassLoader}. */
    public static ClassLoader getSystemClassLoader() {
        return Loads.home();
    }

    /** Replaces {@code ClassLoader.getParent}. */
    public static ClassLoader getParent(ClassLoader loader) {
        return Loads.parentOf(loader);
    }

    /** Replaces {@code URLClassLoader.newInstance}. */
    public static URLClassLoader newInstance(URL[] urls) {
        return new OwnUrlLoader(urls);
    }

    /** Replaces {@code URLClassLoader.newInstance}. */
    public static URLClassLoader newInstance(URL[] urls, ClassLoader parent) {
        return new OwnUrlLoader(urls, parent);
    }

    // ---- classes by name

    /** Replaces {@code Class.forName(String)}. */
    public static Class<?> forName(String name, int site) throws ClassNotFoundException {
        return forName(name, true, STACK.getCallerClass().getClassLoader(), site);
    }

    /** Replaces {@code Class.forName(String, boolean, ClassLoader)}. */
    public static Class<?> forName(String name, boolean initialize, ClassLoader loader, int site)
            throws ClassNotFoundException {
        mustNotDefine(loader, name, site);
        Loads own = Loads.of(loader);
        if (own != null && !name.startsWith("[")) {
            own.needs(name, true);
        }
        Class<?> found = Class.forName(name, false, loader);
        if (initialize && !found.isArray()) {
            if (!RewrittenLoader.defines(found) || !ReflectionHooks.initialize(found, site)) {
                Class.forName(found.getName(), true, found.getClassLoader());
            }
        }
        return found;
    }

    /** Replaces {@code Lookup.ensureInitialized}. */
    public static Class<?> ensureInitialized(MethodHandles.Lookup lookup, Class<?> type, int site)
            throws IllegalAccessException {
        Class<?> found = lookup.ensureInitialized(type);
        if (RewrittenLoader.defines(type)) {
            ReflectionHooks.initialize(type, site);
        }
        return found;
    }

    // ---- in classes that a loader of the program defines

    /** Before code that needs another class, which the JVM would ask the loader for. */
    public static void needs(Class<?> user, String name, int site) {
        Loads own = Loads.of(user.getClassLoader());
        if (own != null) {
            own.needs(name, true);
        }
    }

    /**
     * Before an initializer that the JVM calls, of an enum for example: as {@link Hooks#enterQuiet}, but with an
     * assumption, and without locks.
     */
    public static void enterQuiet() {
        Hooks.enterQuiet();
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.initialized.begins();
            if (strand.execution.count > 1) {
                strand.execution.assumptions.add(Assumptions.Rule.INITIALIZER);
            }
        }
    }

    /** Ends {@link #enterQuiet}. */
    public static void exitQuiet() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.initialized.ends();
        }
        Hooks.exitQuiet();
    }

    /** As {@code Hooks.initializes}: tells whether the caller must initialize the class. */
    public static boolean initializes(Class<?> type, int site) {
        LiveStrand strand = Execution.running;
        return strand == null ? ClassInitialization.initializesOutside(type)
                : strand.execution.initialized.initializes(strand, type, site);
    }

    /** As {@code Hooks.initialized}, after the static initializer. */
    public static void initialized(Class<?> type, int site, Throwable thrown) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.strandTable.unwinding) {
            return;
        }
        if (strand != null) {
            strand.execution.initialized.ends(strand, type, site, thrown);
        }
        if (thrown != null && !(thrown instanceof Error)) {
            throw new ExceptionInInitializerError(thrown);
        }
    }
}
