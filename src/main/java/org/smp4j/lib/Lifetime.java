package org.smp4j.lib;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Whether a machine runs, was closed or has panicked; mirrors {@code system_state} and {@code panic} of
 * {@code kernel/panic.c}.
 */
public final class Lifetime {
    private static final VarHandle END = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "end", VarHandle.class, Lifetime.class, String.class);
    private static final String CLOSED = "machine closed";

    private final Printk printk;

    // Written by: the thread that closes the machine or panics first, once.
    // Read by: every wait, through check().
    // Ordering: volatile compare-and-set and read; an aborted thread sees what the first writer wrote before.
    private volatile String end;

    /**
     * A machine that runs.
     *
     * @param printk where a panic is announced
     */
    public Lifetime(Printk printk) {
        this.printk = printk;
    }

    /**
     * Returns only while the machine runs.
     *
     * @throws Aborted if it was closed or has panicked
     */
    public void check() {
        String reason = end;
        if (reason != null) {
            throw new Aborted(reason);
        }
    }

    /** {@return whether the machine was closed or has panicked} */
    public boolean ended() {
        return end != null;
    }

    /** {@return why the machine panicked, or null if it did not} */
    public String panicReason() {
        String reason = end;
        return reason == null || reason.equals(CLOSED) ? null : reason;
    }

    /** Ends the machine in order; repeated calls have no effect. */
    public void close() {
        END.compareAndSet(this, (String) null, CLOSED);
    }

    /**
     * Ends the machine because of an error; mirrors {@code panic}. The caller continues; its next wait aborts.
     *
     * @param reason one line
     */
    public void panic(String reason) {
        if (END.compareAndSet(this, (String) null, reason)) {
            printk.print("Kernel panic - not syncing: " + reason);
        }
    }
}
