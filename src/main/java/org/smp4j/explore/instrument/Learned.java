package org.smp4j.explore.instrument;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;

/**
 * The classes that class loaders of a program have defined in runs so far, and that are not on its class path: other
 * classes that name them are rewritten by what is known of them. Safe for use by several threads.
 */
final class Learned {
    /** A class file, compared by its content. */
    record Content(byte[] file) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Content that && Arrays.equals(file, that.file);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(file);
        }
    }

    private final Map<String, byte[]> files = new ConcurrentHashMap<>();
    // Further classes whose demands on the models by hand count.
    private final Set<String> roots = ConcurrentHashMap.newKeySet();
    private final Map<String, Set<String>> asked = new ConcurrentHashMap<>();

    /** {@return the file of a class, given by its binary name; null if it is not known} */
    byte[] file(String name) {
        return files.get(name);
    }

    /** {@return the file that is known of a class; null if this one was not known before} */
    byte[] add(String name, byte[] file) {
        return files.putIfAbsent(name, file);
    }

    /** The classes for which the JVM has asked loaders of a class, in order. */
    Set<String> asked(String loader) {
        return asked.computeIfAbsent(loader, _ -> new ConcurrentSkipListSet<>());
    }

    Set<String> roots() {
        return roots;
    }
}
