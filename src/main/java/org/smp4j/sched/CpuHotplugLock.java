package org.smp4j.sched;

import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Wiring;

/** Keeps the set of online CPUs stable; mirrors {@code cpu_hotplug_lock} of {@code kernel/cpu.c}. */
public final class CpuHotplugLock {
    /**
     * A task locks what it already holds, which deadlocks: with two read locks if a writer comes in between, with a
     * write lock at once.
     */
    public static final WarnSite RECURSIVE =
            WarnSite.once("cpus_read_lock", "possible recursive locking detected: %s holds cpu_hotplug_lock already");
    /** An operation that needs the lock runs without it. */
    public static final WarnSite NOT_HELD =
            WarnSite.once("lockdep_assert_cpus_held", "%s does not hold cpu_hotplug_lock");

    private final Scheduler scheduler;
    private final PercpuRwsem semaphore;

    // Written by: the task that holds it for writing. Read by: assertions. Ordering: a task compares it
    // with itself: explorations need opaque. Volatile for reports.
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

    /**
     * Keeps CPUs from coming up or going down until {@link #cpusReadUnlock}; mirrors {@code cpus_read_lock}. Context:
     * task, may sleep; not from hotplug callbacks.
     */
    public void cpusReadLock() {
        refuseIfHeld(writer != null);
        semaphore.downRead();
        Task.current().cpusReadHeld++;
    }

    /**
     * Warns if the current task holds the lock, and throws if the task would wait for itself: the machine could then
     * never bring up a CPU again.
     */
    private void refuseIfHeld(boolean deadlock) {
        if (cpusHeld()) {
            scheduler.cpus.warnings.warn(RECURSIVE, Task.current().comm());
            if (deadlock) {
                throw new IllegalStateException(Task.current()
                        .comm() + " holds cpu_hotplug_lock, as hotplug callbacks do, and would wait for itself");
            }
        }
    }

    /**
     * Throws if the caller holds the lock; called before the lock is taken for writing, or before waiting for its
     * writer. Context: task.
     *
     * @throws IllegalStateException if the current task holds it, or acts for a task that does, as hotplug callbacks do
     */
    public void assertCpusNotHeld() {
        refuseIfHeld(true);
    }

    /** {@return whether the lock was taken for reading, without waiting; mirrors {@code cpus_read_trylock}} */
    public boolean cpusReadTrylock() {
        scheduler.cpus.current();
        boolean taken = semaphore.downReadTrylock();
        if (taken) {
            Task.current().cpusReadHeld++;
        }
        return taken;
    }

    /**
     * Undoes {@link #cpusReadLock}; mirrors {@code cpus_read_unlock}. Context: the same task, perhaps on another CPU.
     */
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
        refuseIfHeld(true);
        semaphore.downWrite();
        writer = Task.current();
    }

    /** Undoes {@link #cpusWriteLock}; mirrors {@code cpus_write_unlock}. */
    public void cpusWriteUnlock() {
        Task self = Task.current();
        if (writer != self) {
            throw new IllegalStateException(self.comm() + " does not hold cpu_hotplug_lock for writing");
        }
        writer = null;
        semaphore.upWrite();
    }

    /**
     * Makes the current task count as a holder of the lock, because it acts for a task that holds it for writing and
     * waits for it. For the hotplug threads.
     */
    @Wiring
    public void borrow() {
        Task.current().cpusReadHeld++;
    }

    /** Undoes {@link #borrow}. */
    @Wiring
    public void giveBack() {
        Task self = Task.current();
        if (self.cpusReadHeld == 0) {
            throw new IllegalStateException(self.comm() + " has not borrowed cpu_hotplug_lock");
        }
        self.cpusReadHeld--;
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
