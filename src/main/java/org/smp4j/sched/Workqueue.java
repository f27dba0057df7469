package org.smp4j.sched;

import java.util.ArrayDeque;
import java.util.function.IntSupplier;
import org.smp4j.cpu.PerCpu;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Errno;
import org.smp4j.lib.RawSpinLock;
import org.smp4j.lib.Waiter;

/**
 * Work that a task of a given CPU does for others; mirrors {@code system_percpu_wq} of {@code kernel/workqueue.c}. Each CPU has one worker, made on first
 * use, that runs works in order.
 */
public final class Workqueue {
    /** A CPU's works and who does them. */
    private static final class Pool {
        final RawSpinLock lock = new RawSpinLock();
        final ArrayDeque<Runnable> works = new ArrayDeque<>(); // guarded by lock
        Task worker; // guarded by lock
    }

    /** Who does a CPU's works; bound to it while it is online. */
    private static final class Worker extends Task {
        Worker(Scheduler scheduler, int cpu, Runnable body) {
            super(scheduler, "kworker/" + cpu + ":0", Policy.NORMAL, CpuMask.of(scheduler.cpus.nrCpuIds, cpu), body);
        }

        @Override
        boolean isKthread() {
            return true;
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
        pools = new PerCpu<>(scheduler.cpus, cpu -> new Pool());
    }

    /**
     * Queues a work for a CPU; mirrors {@code queue_work_on}. Context: any, on a CPU; the caller sees to it that the CPU stays online.
     *
     * @param cpu the CPU
     * @param work runs as a task on that CPU, may sleep
     */
    public void queueWorkOn(int cpu, Runnable work) {
        Waiter self = Waiter.current();
        Pool pool = pools.get(cpu);
        int flags = pool.lock.lock(self);
        pool.works.addLast(work);
        Task worker = pool.worker;
        if (worker == null) {
            worker = new Worker(scheduler, cpu, () -> work(pool));
            pool.worker = worker;
            scheduler.wakeUp.wakeUpNewTask(worker);
        } else {
            worker.wake();
        }
        pool.lock.unlock(self, flags);
    }

    private void work(Pool pool) {
        for (;;) {
            Waiter self = Waiter.current();
            int flags = pool.lock.lock(self);
            Runnable work = pool.works.pollFirst();
            pool.lock.unlock(self, flags);
            if (work == null) {
                self.block();
            } else {
                run(work);
            }
        }
    }

    private void run(Runnable work) {
        try {
            work.run();
        } catch (Aborted e) {
            throw e;
        } catch (Throwable e) {
            scheduler.cpus.warnings.thrown("process_one_work", e);
        }
    }

    /**
     * Binds a CPU's worker to it again after the CPU was offline, or lets it finish elsewhere while it is; mirrors {@code workqueue_online_cpu} and
     * {@code workqueue_offline_cpu}. Context: task, may sleep.
     *
     * @param cpu the CPU
     * @param bound whether its worker shall be bound
     */
    public void bind(int cpu, boolean bound) {
        Waiter self = Waiter.current();
        Pool pool = pools.get(cpu);
        int flags = pool.lock.lock(self);
        Task worker = pool.worker;
        pool.lock.unlock(self, flags);
        if (worker != null) {
            scheduler.setCpusAllowedPtr(worker, bound ? CpuMask.of(scheduler.cpus.nrCpuIds, cpu) : scheduler.cpus.possible);
        }
    }

    /**
     * Runs a function as a task on a CPU and waits for it; mirrors {@code work_on_cpu}. Context: task, may sleep.
     *
     * @param cpu the CPU
     * @param func the function, may sleep
     * @return what it returned
     */
    public int workOnCpu(int cpu, IntSupplier func) {
        Completion done = new Completion();
        int[] result = new int[1];
        queueWorkOn(cpu, () -> {
            try {
                result[0] = func.getAsInt();
            } finally {
                done.complete();
            }
        });
        done.waitForCompletion();
        return result[0];
    }

    /**
     * Runs a function as a task on a CPU and waits for it; mirrors {@code smp_call_on_cpu} of {@code kernel/smp.c}. Context: task, may sleep.
     * The online check is not protected: the caller keeps the CPU online.
     *
     * @param cpu the CPU
     * @param func the function, may sleep
     * @return what it returned, or -ENXIO if the CPU does not exist or is offline
     */
    public int smpCallOnCpu(int cpu, IntSupplier func) {
        if (!scheduler.cpus.online.testCpu(cpu)) {
            return -Errno.ENXIO;
        }
        return workOnCpu(cpu, func);
    }
}
