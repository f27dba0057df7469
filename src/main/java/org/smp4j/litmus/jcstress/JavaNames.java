package org.smp4j.litmus.jcstress;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Gives each thing of a test a name that is free in Java. */
final class JavaNames {
    private static final Set<String> KEYWORDS = Set.of("""
            _ abstract assert boolean break byte case catch char class const continue default do double else enum
            extends false final finally float for goto if implements import instanceof int interface long native new
            null package private protected public return short static strictfp super switch synchronized this throw
            throws transient true try void volatile while""".split("\\s+"));

    private final Set<String> taken;

    JavaNames(Set<String> taken) {
        this.taken = new HashSet<>(taken);
    }

    /** {@return a name like the wanted one} */
    String take(String wanted) {
        String name = wanted.replaceAll("[^A-Za-z0-9_]+", "_").replaceAll("^_+(?=.)|(?<=.)_+$", "");
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            name = "n" + name;
        }
        String free = name;
        for (int i = 2; KEYWORDS.contains(free) || !taken.add(free); i++) {
            free = name + "_" + i;
        }
        return free;
    }

    /** {@return a name for a constant} */
    String takeConstant(String wanted) {
        return take(wanted.toUpperCase(Locale.ROOT));
    }
}
