package org.smp4j.sched;

import org.smp4j.lib.WarnSite;

/** Keeps CPUs from coming and going; mirrors {@code cpu_hotplug_lock} of {@code kernel/cpu.c}. */
public final class CpuHotplugLock {
    /** A task locks what it holds already, which deadlocks: read twice if a writer comes between, with a write lock at once. */
    public static final WarnSite RECURSIVE = WarnSite.once("cpus_read_lock", "possible recursive locking detected: %s holds cpu_hotplug_lock already");
    /** Something that needs the lock is done without. */
    public static final WarnSite NOT_HELD = WarnSite.once("lockdep_assert_cpus_held", "%s does not hold cpu_hotplug_lock");

    private final Scheduler scheduler;
    private final PercpuRwsem semaphore;

    // Written by: the task that holds it for writing. Read by: assertions. Ordering: volatile.
    private volatile Task writer;

    /**
     * A free lock.
     *
     * @param scheduler the scheduler of its machine
     */
    public CpuHotplugLock(Scheduler scheduler) {
        this.scheduler = scheduler;
        semaphore = new PercpuRwsem(scheduler);
    }

    /** No CPU comes or goes until {@link #cpusReadUnlock}; mirrors {@code cpus_read_lock}. Context: task, may sleep; not from hotplug callbacks. */
    public void cpusReadLock() {
        warnIfHeld();
        semaphore.downRead();
        Task.current().cpusReadHeld++;
    }

    private void warnIfHeld() {
        if (cpusHeld()) {
            scheduler.cpus.warnings.warn(RECURSIVE, Task.current().comm());
        }
    }

    /** {@return whether the lock was taken for reading, without waiting; mirrors {@code cpus_read_trylock}} */
    public boolean cpusReadTrylock() {
        boolean taken = semaphore.downReadTrylock();
        if (taken) {
            Task.current().cpusReadHeld++;
        }
        return taken;
    }

    /** Undoes {@link #cpusReadLock}; mirrors {@code cpus_read_unlock}. Context: the same task, perhaps on another CPU. */
    public void cpusReadUnlock() {
        Task self = Task.current();
        if (self.cpusReadHeld == 0) {
            throw new IllegalStateException(self.comm() + " does not hold cpu_hotplug_lock");
        }
        self.cpusReadHeld--;
        semaphore.upRead();
    }

    /** Excludes every reader and writer; mirrors {@code cpus_write_lock}. Context: task, may sleep. */
    public void cpusWriteLock() {
        warnIfHeld();
        semaphore.downWrite();
        writer = Task.current();
    }

    /** Undoes {@link #cpusWriteLock}; mirrors {@code cpus_write_unlock}. */
    public void cpusWriteUnlock() {
        writer = null;
        semaphore.upWrite();
    }

    /** The current task acts for one that holds the lock for writing and waits for it: it counts as holding it. For the hotplug threads. */
    public void borrow() {
        Task.current().cpusReadHeld++;
    }

    /** Undoes {@link #borrow}. */
    public void giveBack() {
        Task.current().cpusReadHeld--;
    }

    /** {@return whether the current task holds it, for reading or writing} */
    public boolean cpusHeld() {
        Task self = Task.current();
        return self.cpusReadHeld > 0 || writer == self;
    }

    /** Warns if the current task does not hold it; mirrors {@code lockdep_assert_cpus_held}. */
    public void assertCpusHeld() {
        if (!cpusHeld()) {
            scheduler.cpus.warnings.warn(NOT_HELD, Task.current().comm());
        }
    }
}
