package org.smp4j.lib;

/** Where a machine's log lines go; mirrors {@code printk} of {@code kernel/printk}. Context: any. */
@FunctionalInterface
public interface Printk {
    /** Drops every line. */
    Printk NONE = line -> {
    };

    /**
     * Logs a line.
     *
     * @param line text without a line end
     */
    void print(String line);
}
