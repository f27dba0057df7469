package org.smp4j.race;

import java.util.Locale;

/** The two variants of a race. */
public enum Variant {
    /** As the kernel was. */
    BUGGY,
    /** As it is. */
    FIXED;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
