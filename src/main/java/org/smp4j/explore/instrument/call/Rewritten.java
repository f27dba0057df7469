package org.smp4j.explore.instrument.call;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Chooses the classes to rewrite by default: all except the platform, the explorer and the libraries that run and check
 * tests.
 */
public final class Rewritten implements Predicate<String> {
    private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "netscape.",
            "org.w3c.dom.", "org.xml.sax.");
    private static final List<String> HOUSE = List.of("org.smp4j.weave.", "org.smp4j.linear.",
            "org.smp4j.trace.event.", "org.smp4j.cli.", "org.smp4j.junit.");
    private static final List<String> LIBRARIES = List.of("org.junit.", "org.opentest4j.", "org.apiguardian.",
            "org.assertj.", "org.hamcrest.", "picocli.", "me.tongfei.", "org.HdrHistogram.", "org.jctools.",
            "com.fasterxml.");
    private static final String EXPLORER = "org.smp4j.explore";
    private static final Set<String> ROOMS = Set.of("", ".model", ".run", ".coroutine", ".environment", ".detect",
            ".strategy", ".search", ".engine", ".hooks", ".instrument", ".instrument.call", ".instrument.code",
            ".instrument.shadow", ".report", ".replay", ".memory", ".shadow");

    /** Makes one; all are alike. */
    public Rewritten() {
    }

    @Override
    public boolean test(String name) {
        return !isPlatform(name) && !startsWith(HOUSE, name) && !startsWith(LIBRARIES, name) && !isExplorer(name);
    }

    /** The explorer's own packages; scenarios may be in other packages below them. */
    private static boolean isExplorer(String name) {
        return name.startsWith(EXPLORER + ".")
                && ROOMS.contains(name.substring(EXPLORER.length(), name.lastIndexOf('.')));
    }

    /** Whether a class belongs to the platform, by binary name. */
    public static boolean isPlatform(String name) {
        return startsWith(PLATFORM, name);
    }

    private static boolean startsWith(List<String> prefixes, String name) {
        for (String prefix : prefixes) {
            if (name.startsWith(prefix)) {
                return true;
            }
        }
        return false;
    }
}
