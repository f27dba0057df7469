package org.smp4j.explore.loaders;

import java.util.Set;

/** The loader of a program's own classes: it rewrites the classes that further loaders of the program define. */
public interface Home {
    /**
     * Finds a class that rewritten code needs beside the program's own: a hook, or a shadow of a class of the JDK.
     *
     * @param name its binary name
     * @return the class; null if the name is that of another class
     * @throws ClassNotFoundException if there is no such class
     */
    Class<?> support(String name) throws ClassNotFoundException;

    /** {@return whether a class of the program is rewritten, by binary name} */
    boolean rewrites(String name);

    /** {@return whether a loader is one from which this one takes the class files of the program} */
    boolean isAbove(ClassLoader loader);

    /**
     * Rewrites a class that a loader of the program defines.
     *
     * @param name its binary name
     * @param file its class file
     * @return the class file to define; null if all must begin anew, now that the class is known
     * @throws org.smp4j.explore.model.ExplorerException if it can't be rewritten
     */
    byte[] rewritten(String name, byte[] file);

    /**
     * The JVM asks a loader of the program for a class.
     *
     * @param loader the name of the loader's class
     * @param name the name of the class
     * @return whether that is new
     */
    boolean asksFirst(String loader, String name);

    /** {@return the classes for which the JVM has asked loaders of a class} */
    Set<String> asked(String loader);
}
