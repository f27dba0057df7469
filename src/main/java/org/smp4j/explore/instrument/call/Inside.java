package org.smp4j.explore.instrument.call;

import java.util.Set;
import org.smp4j.explore.instrument.shadow.Shadows;
import org.smp4j.explore.model.ExplorerException;

/** Names of packages and classes of the JDK within whose calls strands can switch. */
final class Inside {
    private static final String CONCURRENT = "java.util.concurrent";

    private Inside() {
    }

    /** Throws an {@link ExplorerException} if nothing of this name can be explored within. */
    static void check(String name) {
        boolean isPackage = name.equals(CONCURRENT) || name.equals(CONCURRENT + ".locks");
        if (!isPackage && !(name.startsWith(CONCURRENT + ".") && Shadows.canBeInside(name))) {
            throw new ExplorerException("inside " + name + ": only " + CONCURRENT + ", " + CONCURRENT
                    + ".locks and classes of these two can be explored within, but for interfaces and exceptions; "
                    + "what is not of the JDK always is");
        }
    }

    /** {@return whether some names cover a class, given by its binary name} */
    static boolean covers(Set<String> names, String type) {
        return names.stream().anyMatch(name -> type.startsWith(name)
                && (type.length() == name.length() || ".$".indexOf(type.charAt(name.length())) >= 0));
    }
}
