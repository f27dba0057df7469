package org.smp4j.cpu;

import java.util.concurrent.locks.LockSupport;

/**
 * One turn of a busy wait: it spins while the host has a core for each CPU that is awake, then yields the core, then
 * parks for a bounded time. So it needs no waker, and a host with few cores makes progress. Mirrors {@code cpu_relax},
 * which on a real CPU only pauses.
 */
final class Spin {
    private static final int SPINS = 2000;
    private static final int SPINS_OVERCOMMITTED = 4;
    private static final int YIELDS = 200;
    private static final long MIN_PARK_NANOS = 20_000;

    private final Cpus cpus;

    Spin(Cpus cpus) {
        this.cpus = cpus;
    }

    void pause(int turn) {
        if (turn < SPINS && (turn < SPINS_OVERCOMMITTED || cpus.coresSuffice())) {
            Thread.onSpinWait();
        } else {
            pauseLong(turn);
        }
    }

    private void pauseLong(int turn) {
        cpus.lifetime.check();
        if (turn < SPINS + YIELDS && (turn < YIELDS || cpus.coresSuffice())) {
            Thread.yield();
        } else {
            // The more CPUs share a core, the longer each sleeps; otherwise the core would do nothing but wake them.
            LockSupport.parkNanos(this, MIN_PARK_NANOS * Math.max(1, cpus.awakePerCore()));
        }
    }
}
