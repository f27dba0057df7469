package org.smp4j.torture;

import java.lang.invoke.VarHandle;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Preempt;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.WarnSite;
import org.smp4j.sched.CpuHotplugLock;
import org.smp4j.sched.Scheduler;
import org.smp4j.sched.Task;
import org.smp4j.sched.Timers;
import org.smp4j.torture.ScfCounters.Counter;
import org.smp4j.torture.ScfSelector.Prim;

/** A worker; after {@code scftorture_invoker} of {@code kernel/scftorture.c}. */
final class ScfInvoker {
    static final WarnSite OUT = WarnSite.once("scftorture_invoke_one", "Memory-ordering failure, scfs_prim: %d.");
    static final WarnSite WANTED = WarnSite.once("scftorture_invoker", "Wanted CPU %d, running on %d, nr_cpu_ids = %d");

    private static final int SLEEP_ONE_IN = 4096;

    private final ScfRun run;
    private final Smp smp;
    private final Scheduler scheduler;
    private final Cpus cpus;
    private final int worker;
    private final int cpu;
    private final ScfCounters counters;
    private final ScfPool pool;
    private final TortureRandom random;
    private final CpuHotplugLock cpusReadLock; // null: preemption is disabled instead
    private final TortureObserver.Worker observer; // null: nothing is timed

    ScfInvoker(ScfRun run, int worker) {
        this.run = run;
        this.worker = worker;
        smp = run.machine.smp();
        scheduler = run.machine.scheduler();
        cpus = run.machine.cpus();
        cpu = worker % run.nrCpuIds;
        counters = run.counters[worker];
        pool = run.pools[worker];
        random = new TortureRandom(run.config.seedOf(worker));
        observer = run.observer == null ? null : run.observer.worker(worker);
        cpusReadLock = run.config.get(TortureParam.USE_CPUS_READ_LOCK) == 0 ? null : run.machine.cpuHotplugLock();
    }

    /** {@return where the worker starts: on its own CPU if that is active} */
    CpuMask affinity() {
        return cpus.active.testCpu(cpu) ? CpuMask.of(run.nrCpuIds, cpu) : cpus.active;
    }

    void run() {
        run.verbose("scftorture: scftorture_invoker " + worker + ": task started");
        int holdoff = run.config.get(TortureParam.HOLDOFF);
        if (holdoff > 0) {
            run.sleep(holdoff * 1_000_000_000L);
        }
        Cpu here = Preempt.disable();
        if (here.id != cpu && cpus.active.testCpu(cpu)) {
            cpus.warnings.warn(WANTED, cpu, here.id, run.nrCpuIds);
        }
        Preempt.enable();
        run.awaitStart(() ->
                run.verbose("scftorture: scftorture_invoker " + worker + ": Waiting for all SCF torturers from cpu "
                        + here.id));
        run.verbose("scftorture: scftorture_invoker " + worker + " started");
        do {
            pool.cleanupFreeList();
            invokeOne();
            waitUntilOnline();
            scheduler.condResched();
            run.stutter.stutterWait();
        } while (!run.mustStop());
        run.verbose("scftorture: scftorture_invoker " + worker + " ended");
    }

    private void waitUntilOnline() {
        while (!cpus.online.testCpu(cpu) && !run.mustStop()) {
            scheduler.timers().scheduleTimeout(Timers.HZ / 5);
            if (cpus.active.testCpu(cpu)) {
                scheduler.setCpusAllowedPtr(Task.current(), CpuMask.of(run.nrCpuIds, cpu));
            }
        }
    }

    /** Performs a random operation and checks its outcome; after {@code scftorture_invoke_one}. */
    void invokeOne() {
        ScfSelector.Row row = run.selector.select(random);
        ScfCheck check = null;
        boolean allocFailed = false;
        if (row.prim() == Prim.SINGLE || row.waits()) {
            try {
                check = pool.alloc();
            } catch (OutOfMemoryError e) {
                allocFailed = true;
                run.allocErrs.incrementAndGet();
            }
            if (check != null) {
                check.wait = row.waits();
            }
        }
        protect();
        // From here on CPUs may come online, but none goes offline. scftorture checks after the call, and blames it
        // for a CPU that came online after it.
        boolean hasTarget = row.prim() == Prim.SINGLE || cpus.numOnline() > 1;
        VarHandle.acquireFence(); // a CPU counted here is in the mask when the call reads it
        long from = observer == null ? 0 : System.nanoTime();
        check = invoke(row, check);
        if (observer != null) {
            observer.performed(row.operation(), System.nanoTime() - from);
        }
        if (check != null && row.waits()) {
            if (!check.out && hasTarget) {
                cpus.warnings.warn(OUT, row.prim().ordinal());
                run.mbOutErrs.incrementAndGet(); // the record is not reused: a handler may still use it
            } else {
                pool.recycle(check);
            }
        }
        unprotect();
        if (allocFailed) {
            run.sleep((1 + run.config.get(TortureParam.LONGWAIT)) * 1_000_000_000L);
        } else if (random.below(SLEEP_ONE_IN) == 0) {
            scheduler.timers().scheduleTimeout(1);
        }
    }

    /** Keeps CPUs from going offline. */
    private void protect() {
        if (cpusReadLock != null) {
            cpusReadLock.cpusReadLock();
        } else {
            Preempt.disable();
        }
    }

    private void unprotect() {
        if (cpusReadLock != null) {
            cpusReadLock.cpusReadUnlock();
        } else {
            Preempt.enable();
        }
    }

    /**
     * Performs the chosen operation, on a random CPU if it has one target; returns the record, or null if there is none
     * or the caller no longer owns it.
     */
    private ScfCheck invoke(ScfSelector.Row row, ScfCheck check) {
        int target = random.below(run.nrCpuIds);
        switch (row.prim()) {
            case RESCHED -> {
                counters.count(Counter.RESCHED);
                scheduler.reschedCpu(target);
            }
            case SINGLE -> {
                return check == null ? null : invokeSingle(target, check);
            }
            case SINGLE_RPC -> {
                return check == null ? null : invokeSingleRpc(target, check);
            }
            case MANY -> {
                counters.count(row.waits() ? Counter.MANY_WAIT : Counter.MANY);
                send(check);
                Preempt.disable(); // scftorture omits this under cpus_read_lock, against the function's contract
                smp.smpCallFunctionMany(cpus.online, run.handlers.handler, check, row.waits());
                Preempt.enable();
            }
            default -> {
                counters.count(row.waits() ? Counter.ALL_WAIT : Counter.ALL);
                send(check);
                smp.smpCallFunction(run.handlers.handler, check, row.waits());
            }
        }
        return check;
    }

    /** The last write before a call; its handler must see it. */
    private static void send(ScfCheck check) {
        if (check != null) {
            check.in = true;
        }
    }

    private ScfCheck invokeSingle(int target, ScfCheck check) {
        boolean wait = check.wait;
        counters.count(wait ? Counter.SINGLE_WAIT : Counter.SINGLE);
        check.cpu = target;
        send(check);
        if (smp.smpCallFunctionSingle(target, run.handlers.handler1, check, wait) != 0) {
            counters.count(wait ? Counter.SINGLE_WAIT_OFL : Counter.SINGLE_OFL);
            pool.recycle(check);
            return null;
        }
        return check;
    }

    private ScfCheck invokeSingleRpc(int target, ScfCheck check) {
        counters.count(Counter.SINGLE_RPC);
        check.cpu = target;
        check.rpc = true;
        if (check.completion == null) {
            check.completion = new Completion();
        }
        check.completion.reinit();
        send(check);
        if (smp.smpCallFunctionSingle(target, run.handlers.handler1, check, false) != 0) {
            counters.count(Counter.SINGLE_RPC_OFL);
            pool.recycle(check);
            return null;
        }
        unprotect();
        check.completion.waitForCompletion();
        protect();
        return check;
    }
}
