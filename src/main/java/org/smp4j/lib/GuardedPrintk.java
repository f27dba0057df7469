package org.smp4j.lib;

/**
 * A user's log, which may throw: the line is lost then, the first time is a warning, and the machine goes on. No kernel counterpart: {@code printk}
 * can't fail.
 */
public final class GuardedPrintk implements Printk {
    /** The log threw. */
    public static final WarnSite LOG_THREW = WarnSite.once("printk", "the log threw %s, and has lost lines");

    private final Printk log;

    // Installed while the machine is made, before any of its threads starts; plain, published by the threads' start.
    private Warnings warnings;

    /**
     * A log that does not throw.
     *
     * @param log the user's
     */
    public GuardedPrintk(Printk log) {
        this.log = log;
    }

    /**
     * Sets where it is noted that the log threw.
     *
     * @param sink the machine's warnings, which print to this
     */
    public void reportTo(Warnings sink) {
        warnings = sink;
    }

    @Override
    public void print(String line) {
        try {
            log.print(line);
        } catch (Throwable e) {
            if (warnings != null) {
                warnings.warn(LOG_THREW, e.getClass().getName()); // printed here again, and not warned about twice
            }
        }
    }
}
