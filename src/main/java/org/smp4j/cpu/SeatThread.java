package org.smp4j.cpu;

import org.smp4j.lib.Waiter;

/**
 * A thread made to sit on CPUs; it knows its sitter, so that finding the current CPU needs no thread local. Mirrors
 * {@code current}, which the architecture keeps in a register.
 */
public final class SeatThread extends Thread implements Waiter.Carrier {
    final Sitter sitter;

    /**
     * A daemon thread; it has to be started.
     *
     * @param name the kernel's name of the task, for example {@code cpu/3}
     * @param sitter the sitter whose thread it is
     * @param body what it runs; it first waits for a seat
     */
    public SeatThread(String name, Sitter sitter, Runnable body) {
        super(null, body, name, 0, false);
        this.sitter = sitter;
        setDaemon(true);
    }

    @Override
    public Waiter waiter() {
        return sitter;
    }
}
