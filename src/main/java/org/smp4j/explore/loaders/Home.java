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
     * A class as a loader of the program defines it.
     *
     * @param needs what its class file names
     * @param file the rewritten class file
     */
    record Rewrite(ClassNeeds needs, byte[] file) {
    }

    /**
     * Rewrites a class that a loader of the program defines.
     *
     * @param name its binary name, or null
     * @param file its class file
     * @return the class to define; null if all must begin anew, now that the class is known
     * @throws ClassFormatError if it is damaged
     * @throws org.smp4j.explore.model.ExplorerException if it can't be rewritten
     */
    Rewrite rewritten(String name, byte[] file);

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
