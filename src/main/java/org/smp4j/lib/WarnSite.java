package org.smp4j.lib;

/**
 * A place that may warn, a constant of the class that warns; mirrors a {@code WARN} site of
 * {@code include/asm-generic/bug.h}. The count and the once-flag belong to the machine, not to the site.
 *
 * @param name the kernel function that warns, and the subject
 * @param format the message, as for {@link String#format}
 * @param once whether only a machine's first warning is reported, as with {@code WARN_ON_ONCE}
 */
public record WarnSite(String name, String format, boolean once) {
    /**
     * A site that reports every time; mirrors {@code WARN}.
     *
     * @param name the function, and the subject
     * @param format the message
     * @return the site
     */
    public static WarnSite always(String name, String format) {
        return new WarnSite(name, format, false);
    }

    /**
     * A site that reports once; mirrors {@code WARN_ONCE}.
     *
     * @param name the function, and the subject
     * @param format the message
     * @return the site
     */
    public static WarnSite once(String name, String format) {
        return new WarnSite(name, format, true);
    }
}
