package org.smp4j.cpu;

import org.smp4j.lib.Printk;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;

/**
 * Wraps a user's log, which may throw or change the preempt count or IRQ flag. A line whose printing throws is lost;
 * the first such failure is a warning, and the machine continues. No kernel counterpart: {@code printk} can't fail.
 */
public final class GuardedPrintk implements Printk {
    /** The log threw. */
    public static final WarnSite LOG_THREW = WarnSite.once("printk", "the log threw %s, and has lost lines");

    /** The log left preemption off. */
    public static final WarnSite LOG_LEAKED =
            WarnSite.once("printk_leak", "the log %s leaked preempt count: %08x -> %08x");

    private final Printk log;

    // Installed while the machine is made, before any of its threads starts; plain, published by the threads' start.
    private Warnings warnings;

    /**
     * A log that never throws.
     *
     * @param log the user's log
     */
    public GuardedPrintk(Printk log) {
        this.log = log;
    }

    /** Sets the warnings that record a log that threw; they print to this log. */
    void reportTo(Warnings sink) {
        warnings = sink;
    }

    @Override
    public void print(String line) {
        Cpu here = Cpu.currentOrNull(); // any thread may print
        int count = here == null ? 0 : here.preemptCount();
        boolean irqsOff = here != null && here.irqsDisabled();
        boolean held = here != null && here.hold(true);
        if (irqsOff) {
            here.pinIrqs(true);
        }
        try {
            log.print(line);
        } catch (Throwable e) {
            if (warnings != null) {
                warnings.warn(LOG_THREW, e.getClass().getName()); // prints here again; the site warns only once
            }
        }
        if (here != null) {
            here.pinIrqs(false);
            here.hold(held);
            Context.check(here, log, count, irqsOff, LOG_LEAKED);
        }
    }
}
