package org.smp4j.explore.shadow;

/** Stands in for the JDK's internal class of that name. */
public final class CleanerFactory {
    private CleanerFactory() {
    }

    public static Cleaner cleaner() {
        return new Cleaner();
    }
}
