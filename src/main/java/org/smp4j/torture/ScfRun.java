package org.smp4j.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.Machine;
import org.smp4j.lib.Completion;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Lifetime;
import org.smp4j.sched.Task;

/** The state shared by the tasks of one run; after the globals of {@code kernel/scftorture.c}. */
final class ScfRun {
    static final String SHUFFLE = "torture_shuffle";
    static final String STUTTER = "torture_stutter";
    static final String ONOFF = "torture_onoff";
    static final String INVOKER = "scftorture_invoker";

    final TortureConfig config;
    final TortureObserver observer; // null: nothing is timed
    final Machine machine;
    final int nrCpuIds;
    final Lifetime lifetime;
    final ScfSelector selector;
    final ScfCounters[] counters;
    final ScfPool[] pools;
    final ScfHandlers handlers;
    final TortureStutter stutter;
    final TortureOnoff onoff;

    /** Counts the workers that have not reached the barrier; the last one releases all. */
    private final AtomicInteger notStarted;
    private final Completion started = new Completion();
    /** Counts the tasks that have not ended. */
    final CountDownLatch running;

    /** Names of the tasks; used only by the thread that runs the test. */
    private final List<String> created = new ArrayList<>();

    final AtomicInteger errs = new AtomicInteger();
    final AtomicInteger mbInErrs = new AtomicInteger();
    final AtomicInteger mbOutErrs = new AtomicInteger();
    final AtomicInteger allocErrs = new AtomicInteger();

    // Written by: the last worker that reaches the barrier. Read by: the thread that computes rates. Ordering:
    // volatile.
    private volatile long startedAt = System.nanoTime();

    // Written by: the thread that ends the test, once. Read by: every task. Ordering: volatile.
    private volatile boolean stopping;

    /** A run of a test; the observer may be null. */
    ScfRun(TortureConfig config, Machine machine, TortureObserver observer) {
        this.config = config;
        this.observer = observer;
        this.machine = machine;
        nrCpuIds = machine.cpus().nrCpuIds;
        lifetime = machine.cpus().lifetime;
        selector = new ScfSelector(config);
        int workers = config.workers();
        counters = new ScfCounters[workers];
        pools = new ScfPool[Math.max(1, workers)];
        for (int worker = 0; worker < pools.length; worker++) {
            ScfCounters own = new ScfCounters();
            pools[worker] = new ScfPool(own, errs);
            if (worker < workers) {
                counters[worker] = own;
            }
        }
        handlers = new ScfHandlers(this);
        stutter = new TortureStutter(this);
        onoff = new TortureOnoff(this);
        notStarted = new AtomicInteger(workers);
        running = new CountDownLatch(workers + (stutter.enabled() ? 1 : 0) + (TortureShuffle.enabled(config) ? 1 : 0)
                + (TortureOnoff.enabled(config) ? 1 : 0));
    }

    /** {@return whether the tasks should end; after {@code torture_must_stop}} */
    boolean mustStop() {
        return stopping;
    }

    void stop() {
        stopping = true;
    }

    /** Waits until every worker has arrived here. Context: a worker, may sleep. */
    void awaitStart(Runnable beforeWait) {
        if (notStarted.decrementAndGet() == 0) {
            startedAt = System.nanoTime();
            started.completeAll();
        } else {
            beforeWait.run();
            awaitWorkers();
        }
    }

    /**
     * Waits until every worker has begun. A task that moves workers waits here first: a worker that was moved before it
     * looked where it runs would blame the scheduler. Context: task, may sleep.
     */
    void awaitWorkers() {
        started.waitForCompletion();
    }

    /** {@return when the workers began, on the clock of {@link System#nanoTime()}} */
    long startedAt() {
        return startedAt;
    }

    /** Starts a task of the test; after {@code torture_create_kthread} and {@code torture_kthread_stopping}. */
    Task start(String comm, CpuMask affinity, Runnable body) {
        String name = comm.replaceAll("/.*", "");
        created.add(name);
        torout("Creating " + name + " task");
        return machine.scheduler().run(comm, Task.Policy.NORMAL, affinity, () -> {
            try {
                if (comm.equals(name)) { // a worker prints it itself, with its number
                    torout(name + " task started");
                }
                body.run();
                torout(name + " is stopping");
            } finally {
                running.countDown();
            }
        });
    }

    /** Announces the end of the tasks, in the kernel's order: those of {@code kernel/torture.c} before the workers. */
    void announceStop() {
        for (String name : List.of(SHUFFLE, STUTTER, ONOFF, INVOKER)) {
            created.stream().filter(name::equals).forEach(one -> torout("Stopping " + one + " task"));
        }
    }

    /** After {@code VERBOSE_TOROUT_STRING}. */
    private void torout(String what) {
        verbose("scftorture-torture: " + what);
    }

    /** Prints a line that the kernel prints only with {@code verbose}. */
    void verbose(String line) {
        if (config.get(TortureParam.VERBOSE) > 0) {
            print(line);
        }
    }

    /** Sleeps, but not much longer than the test lasts. Context: task, may sleep. */
    void sleep(long nanos) {
        long deadline = System.nanoTime() + nanos;
        for (long left; !stopping && (left = deadline - System.nanoTime()) > 0; ) {
            machine.scheduler().timers().scheduleTimeout(Math.max(1, Math.min(100, left / 1_000_000)));
        }
    }

    void print(String line) {
        machine.cpus().printk.print(line);
    }
}
