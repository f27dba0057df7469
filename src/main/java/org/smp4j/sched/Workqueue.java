package org.smp4j.sched;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.smp4j.cpu.Context;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.PerCpu;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;
import org.smp4j.lib.WarnSite;
import org.smp4j.lib.Wiring;

/**
 * Work that a task of a given CPU does for others; mirrors {@code system_percpu_wq} of {@code kernel/workqueue.c}. A
 * CPU's worker runs works in order; while it sleeps in a work, another worker continues with the next. Workers are made
 * on demand, and end when their CPU goes down.
 */
public final class Workqueue {
    /** A work that leaves preemption off. */
    public static final WarnSite LEAKED =
            WarnSite.always("process_one_work", "BUG: workqueue leaked atomic: %s, preempt count %2$08x -> %3$08x");

    /** One CPU's works and workers; mirrors {@code struct worker_pool}. */
    private final class Pool {
        final int cpu;
        final RawSpinLock lock = new RawSpinLock();
        final ArrayDeque<Runnable> works = new ArrayDeque<>(); // guarded by lock
        final List<Worker> workers = new ArrayList<>(); // guarded by lock
        final ArrayDeque<Worker> idle = new ArrayDeque<>(); // guarded by lock
        int running; // workers that are neither idle nor asleep in a work; guarded by lock
        int made; // guarded by lock
        boolean bound; // the CPU takes tasks; guarded by lock

        Pool(int cpu) {
            this.cpu = cpu;
            bound = scheduler.cpus.active.testCpu(cpu);
        }

        CpuMask affinity() {
            return bound ? CpuMask.of(scheduler.cpus.nrCpuIds, cpu) : scheduler.cpus.possible;
        }

        /** Makes sure that a worker runs if there is work; under the lock. */
        void goOn() {
            if (works.isEmpty() || running > 0) {
                return;
            }
            Worker worker = idle.pollLast();
            if (worker != null) {
                running++;
                worker.begin();
            } else {
                worker = new Worker(this, made++);
                workers.add(worker);
                running++;
                scheduler.wakeUp.wakeUpNewTask(worker);
            }
        }

        void count(int change) {
            Waiter self = Waiter.current();
            int flags = lock.lock(self);
            try {
                running += change;
                goOn();
            } finally {
                lock.unlock(self, flags);
            }
        }

        /**
         * {@return the next work; null if there is none: then the worker is idle, or, if the CPU takes no tasks,
         * removed from the list}
         */
        Runnable next(Worker worker) {
            Waiter self = Waiter.current();
            int flags = lock.lock(self);
            Runnable work = works.pollFirst();
            if (work == null) {
                running--;
                if (bound) {
                    worker.busy = false;
                    idle.addLast(worker);
                } else {
                    workers.remove(worker);
                    worker.ends = true;
                }
            }
            lock.unlock(self, flags);
            return work;
        }
    }

    /** A worker for a CPU's works, bound to the CPU while it takes tasks. Mirrors {@code struct worker}. */
    private final class Worker extends Task {
        private final Pool pool;
        private boolean sleepsInWork; // used only by the worker itself
        private boolean ends; // used only by the worker itself

        // Written by: the thread that gives it work, and the worker when there is no more, under the pool's lock.
        // Read by: the worker.
        // Ordering: set before the wake-up, whose mark orders it: explorations need opaque. Volatile, as it is rare.
        private volatile boolean busy = true;

        Worker(Pool pool, int number) {
            super(Workqueue.this.scheduler, "kworker/" + pool.cpu + ":" + number, Policy.NORMAL, pool.affinity(), null);
            this.pool = pool;
        }

        @Override
        boolean isKthread() {
            return true;
        }

        void begin() {
            busy = true;
            wake();
        }

        @Override
        void body() {
            while (!ends) {
                Runnable work = pool.next(this);
                if (work != null) {
                    Workqueue.this.run(work);
                }
                while (!busy) {
                    block();
                }
            }
        }

        @Override
        void goesToSleep() {
            sleepsInWork = busy;
            if (sleepsInWork) {
                pool.count(-1);
            }
        }

        @Override
        void isBack() {
            if (sleepsInWork) {
                pool.count(1);
            }
        }
    }

    private final Scheduler scheduler;
    private final PerCpu<Pool> pools;

    /**
     * A work queue without workers yet.
     *
     * @param scheduler the scheduler of its machine
     */
    public Workqueue(Scheduler scheduler) {
        this.scheduler = scheduler;
        pools = new PerCpu<>(scheduler.cpus, Pool::new);
    }

    /**
     * Queues a work for a CPU; mirrors {@code queue_work_on}. Context: any, on a CPU; the caller keeps the CPU online.
     *
     * @param cpu the CPU; if it is offline, a worker runs the work elsewhere
     * @param work runs as a task on that CPU, may sleep; an exception that it throws is a warning
     * @throws IllegalArgumentException if there is no such CPU
     */
    public void queueWorkOn(int cpu, Runnable work) {
        Objects.requireNonNull(work, "work");
        scheduler.cpus.check(cpu);
        Waiter self = scheduler.cpus.current().sitter();
        Pool pool = pools.get(cpu);
        int flags = pool.lock.lock(self);
        try {
            pool.works.addLast(work);
            pool.goOn();
        } finally {
            pool.lock.unlock(self, flags);
        }
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (Throwable e) {
            scheduler.cpus.warnings.thrown(work, e);
        }
        Context.check(Cpu.current(), work, 0, false, LEAKED);
    }

    /**
     * Binds a CPU's workers to it again after the CPU was offline, or lets them finish elsewhere and end; mirrors
     * {@code workqueue_online_cpu} and {@code workqueue_offline_cpu}. Context: task, may sleep.
     *
     * @param cpu the CPU
     * @param bound whether its workers should be bound
     */
    @Wiring
    public void bind(int cpu, boolean bound) {
        Waiter self = Waiter.current();
        Pool pool = pools.get(scheduler.cpus.check(cpu));
        int flags = pool.lock.lock(self);
        pool.bound = bound;
        for (Worker worker; !bound && (worker = pool.idle.pollLast()) != null; ) {
            pool.running++;
            worker.begin(); // and ends, since it finds no work
        }
        List<Worker> workers = List.copyOf(pool.workers);
        CpuMask affinity = pool.affinity();
        pool.lock.unlock(self, flags);
        for (Worker worker : workers) {
            scheduler.setCpusAllowedPtr(worker, affinity);
        }
    }

    /**
     * Runs a function as a task on a CPU and waits for it; mirrors {@code work_on_cpu}. Context: task, may sleep.
     *
     * @param cpu the CPU; if it is offline, a worker runs the function elsewhere
     * @param func the function, may sleep
     * @return what it returned; -EIO if it threw
     * @throws IllegalArgumentException if there is no such CPU
     * @throws IllegalStateException if the caller must not sleep here
     */
    public int workOnCpu(int cpu, IntSupplier func) {
        Objects.requireNonNull(func, "func");
        scheduler.mightSleep("work_on_cpu");
        Completion done = new Completion();
        int[] result = {-Errno.EIO};
        queueWorkOn(cpu, () -> {
            try {
                result[0] = func.getAsInt();
            } catch (Throwable e) {
                scheduler.cpus.warnings.thrown(func, e);
            } finally {
                done.complete();
            }
        });
        done.waitForCompletion();
        return result[0];
    }

    /**
     * Runs a function as a task on a CPU and waits for it; mirrors {@code smp_call_on_cpu} of {@code kernel/smp.c}.
     * Context: task, may sleep. The online check is not protected: the caller keeps the CPU online.
     *
     * @param cpu the CPU
     * @param func the function, may sleep
     * @return what it returned; -EIO if it threw; -ENXIO if the CPU does not exist or is offline
     * @throws IllegalStateException if the caller must not sleep here
     */
    public int smpCallOnCpu(int cpu, IntSupplier func) {
        Objects.requireNonNull(func, "func");
        scheduler.mightSleep("smp_call_on_cpu");
        if (!scheduler.cpus.online.testCpu(cpu)) {
            return -Errno.ENXIO;
        }
        return workOnCpu(cpu, func);
    }
}
