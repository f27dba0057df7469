package org.smp4j.explore.instrument.call;

import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.smp4j.explore.model.ExplorerException;

/**
 * Chooses the classes to rewrite by default: all except the platform, the explorer and the libraries that run and check
 * tests.
 */
public final class Rewritten implements Predicate<String> {
    private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "netscape.",
            "org.w3c.dom.", "org.xml.sax.");
    private static final List<String> HOUSE = List.of("org.smp4j.weave.", "org.smp4j.linear.",
            "org.smp4j.trace.event.", "org.smp4j.cli.", "org.smp4j.junit.");
    /** They run the tests, and find a test's annotations by their own classes. */
    private static final List<String> RUNNERS = List.of("org.junit.", "org.opentest4j.", "org.apiguardian.");
    private static final List<String> LIBRARIES = List.of("org.assertj.", "org.hamcrest.", "picocli.", "me.tongfei.",
            "org.HdrHistogram.", "org.jctools.", "com.fasterxml.");
    private static final String EXPLORER = "org.smp4j.explore";
    private static final Set<String> ROOMS = Set.of("", ".model", ".run", ".coroutine", ".environment", ".detect",
            ".strategy", ".search", ".engine", ".hooks", ".instrument", ".instrument.call", ".instrument.code",
            ".instrument.shadow", ".report", ".replay", ".memory", ".shadow", ".loaders");

    /** Makes one; all are alike. */
    public Rewritten() {
    }

    @Override
    public boolean test(String name) {
        return isPossible(name) && !startsWith(LIBRARIES, name);
    }

    private static boolean isPossible(String name) {
        return !isPlatform(name) && !startsWith(HOUSE, name) && !startsWith(RUNNERS, name) && !isExplorer(name);
    }

    /** Whether a class is of one of the libraries that a user names, and can be rewritten. */
    static boolean isAdded(Set<String> libraries, String name) {
        return Inside.covers(libraries, name) && isPossible(name);
    }

    /** Throws an {@link ExplorerException} if a user names a library that can't be rewritten, or always is. */
    static void check(String library) {
        if (library.endsWith(".jar") || library.indexOf('/') >= 0) {
            throw new ExplorerException("rewrite " + library + ": it takes the name of a package; files and folders go "
                    + "on the class path");
        }
        if (startsWith(LIBRARIES, library + ".")) {
            return;
        }
        boolean isRewritten = isPossible(library + ".") && !library.isBlank() && Stream.of(PLATFORM, HOUSE, RUNNERS,
                LIBRARIES, List.of(EXPLORER)).flatMap(List::stream).noneMatch(name -> name.startsWith(library + "."));
        throw new ExplorerException("rewrite " + library + (isRewritten ? ": it is rewritten anyway"
                : ": it can't be rewritten") + "; only these can be left as they are, or be rewritten, and packages of "
                + "them: " + LIBRARIES.stream().map(Rewritten::named).collect(Collectors.joining(", ")));
    }

    /** The library of a class that is not rewritten by default, as a user names it; null if there is none. */
    public static String library(String name) {
        return LIBRARIES.stream().filter(name::startsWith).map(Rewritten::named).findFirst().orElse(null);
    }

    private static String named(String prefix) {
        return prefix.substring(0, prefix.length() - 1);
    }

    /** The explorer's own packages; scenarios may be in other packages below them. */
    public static boolean isExplorer(String name) {
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
