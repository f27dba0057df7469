package org.smp4j.explore.rewrite;

import java.util.List;
import java.util.function.Predicate;

/** Which classes are rewritten if nobody says otherwise: all but the platform's, the explorer itself and what tests are run and checked with. */
public final class Rewritten implements Predicate<String> {
    private static final List<String> PLATFORM = List.of("java.", "javax.", "jdk.", "sun.", "com.sun.", "netscape.", "org.w3c.dom.", "org.xml.sax.");
    private static final List<String> HOUSE = List.of("org.smp4j.weave.", "org.smp4j.cli.", "org.smp4j.junit.");
    private static final List<String> LIBRARIES = List.of("org.junit.", "org.opentest4j.", "org.apiguardian.", "org.assertj.", "org.hamcrest.", "picocli.",
            "me.tongfei.", "org.HdrHistogram.", "org.jctools.", "com.fasterxml.");
    private static final String EXPLORER = "org.smp4j.explore.";
    private static final String REWRITER = "org.smp4j.explore.rewrite.";

    /** Makes one; they are all alike. */
    public Rewritten() {
    }

    @Override
    public boolean test(String name) {
        return !isPlatform(name) && !startsWith(HOUSE, name) && !startsWith(LIBRARIES, name) && !isExplorer(name);
    }

    /** The explorer's own two packages; scenarios may stand in others below them. */
    private static boolean isExplorer(String name) {
        return name.startsWith(REWRITER) && name.indexOf('.', REWRITER.length()) < 0
                || name.startsWith(EXPLORER) && name.indexOf('.', EXPLORER.length()) < 0;
    }

    static boolean isPlatform(String name) {
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
