package org.smp4j.cpu;

import org.smp4j.lib.Printk;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Warnings;

/**
 * A user's log, which may throw, or change preempt count or IRQ flag: the line is lost then, the first time is a
 * warning, and the machine goes on. No kernel counterpart: {@code printk} can't fail.
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
     * A log that does not throw.
     *
     * @param log the user's
     */
    public GuardedPrintk(Printk log) {
        this.log = log;
    }

    /** Sets where it is noted that the log threw: a machine's warnings, which print to this. */
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
                warnings.warn(LOG_THREW, e.getClass().getName()); // printed here again, and not warned about twice
            }
        }
        if (here != null) {
            here.pinIrqs(false);
            here.hold(held);
            Context.check(here, log, count, irqsOff, LOG_LEAKED);
        }
    }
}
