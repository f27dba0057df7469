package org.smp4j.hotplug;

import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.lib.Errno;
import org.smp4j.lib.Waiter;
import org.smp4j.sched.Timers;

/**
 * The synchronization of a control CPU with a CPU that starts or dies; mirrors {@code cpuhp_wait_for_sync_state} of
 * {@code kernel/cpu.c}.
 */
final class SyncProtocol {
    private static final long TIMEOUT = 10_000_000_000L; // nanoseconds, as in the kernel
    private static final long POLL = 1_000_000L;

    private final Cpus cpus;
    private final Timers timers;

    SyncProtocol(Cpus cpus, Timers timers) {
        this.cpus = cpus;
        this.timers = timers;
    }

    /** The target CPU's side: a full fence, like the kernel's exchange. */
    void set(CpuhpCpuState st, SyncState state) {
        st.syncState.getAndSet(state);
    }

    /**
     * {@return the old state of a CPU that may be started now, after setting KICKED; null if it may not be started;
     * mirrors {@code cpuhp_can_boot_ap}}
     */
    SyncState kick(CpuhpCpuState st) {
        AtomicReference<SyncState> sync = st.syncState;
        for (;;) {
            SyncState now = sync.get();
            if (now != SyncState.DEAD && now != SyncState.KICKED && now != SyncState.ALIVE) {
                return null;
            }
            if (sync.compareAndSet(now, SyncState.KICKED)) {
                return now;
            }
        }
    }

    /** Waits until a CPU is alive, and lets it continue; mirrors {@code cpuhp_bp_sync_alive}. */
    int syncAlive(CpuhpCpuState st) {
        if (waitFor(st, SyncState.ALIVE, SyncState.SHOULD_ONLINE)) {
            return 0;
        }
        cpus.printk.print("CPU" + st.cpu + " failed to report alive state");
        return -Errno.EIO;
    }

    /** The target CPU's side; mirrors {@code cpuhp_ap_sync_alive}. Context: idle task, IRQs off. */
    void reportAlive(Cpu here, CpuhpCpuState st) {
        here.traceFunction("cpuhp_ap_sync_alive");
        set(st, SyncState.ALIVE);
        Waiter self = Waiter.current();
        for (int turn = 0; st.syncState.get() != SyncState.SHOULD_ONLINE; turn++) {
            // a control CPU that retries after a timeout set KICKED again
            st.syncState.compareAndSet(SyncState.KICKED, SyncState.ALIVE);
            self.relax(turn);
        }
    }

    /** Waits until a CPU is dead; mirrors {@code cpuhp_bp_sync_dead}. */
    void waitForDead(CpuhpCpuState st) {
        SyncState now;
        do {
            now = st.syncState.get();
            // a CPU that has died already stays DEAD
        } while (now != SyncState.DEAD && !st.syncState.compareAndSet(now, SyncState.SHOULD_DIE));
        if (!waitFor(st, SyncState.DEAD, SyncState.DEAD)) {
            cpus.printk.print("CPU" + st.cpu + " failed to report dead state");
        }
    }

    /** Polls for a while, then sleeps between polls. */
    private boolean waitFor(CpuhpCpuState st, SyncState state, SyncState next) {
        Cpu.current().traceFunction("cpuhp_wait_for_sync_state");
        long start = System.nanoTime();
        for (int turn = 0; !st.syncState.compareAndSet(state, next); turn++) {
            long waited = System.nanoTime() - start;
            if (waited > TIMEOUT) {
                return false;
            }
            if (waited < POLL) {
                Waiter.current().relax(turn);
            } else {
                timers.scheduleTimeout(1);
            }
        }
        return true;
    }
}
