package org.smp4j.torture;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.smp4j.Machine;
import org.smp4j.Sysrq;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.EventSink;
import org.smp4j.lib.Printk;
import org.smp4j.sched.Task;
import org.smp4j.torture.TortureResult.Verdict;

/**
 * Tortures calls between the CPUs of a machine that it boots for this purpose; after {@code scf_torture_init} and
 * {@code scf_torture_cleanup} of {@code kernel/scftorture.c}. Beyond the kernel's checks, it fails if a call was
 * lost or ran twice, on any warning, and on any hang.
 */
public final class Torture {
    private static final SmpCallFunc FLUSH = SmpCallFunc.named("scf_cleanup_handler", info -> {
    });
    private static final long POLL_MILLIS = 20;
    private static final long SECOND = 1_000_000_000L;

    private final TortureConfig config;
    private final EventSink tracer;
    private final TortureObserver observer;
    private final TortureLog log;
    private final CountDownLatch stopRequest = new CountDownLatch(1);
    private final AtomicBoolean began = new AtomicBoolean();
    private final List<String> failures = new ArrayList<>(); // the caller of run() only
    private final Set<String> shown = new HashSet<>(); // failures that are in the log; the caller of run() only
    private boolean interrupted; // the caller of run() only

    // Written by: the caller of run(). Read by: any thread. Ordering: volatile.
    private volatile ScfRun run;

    /** A test's action on the machine once the workers have been started. */
    private Consumer<Machine> meddler = machine -> {
    };

    /**
     * A run that has not begun.
     *
     * @param config what to do
     * @param printk where its log and the machine's go; called on any thread
     */
    public Torture(TortureConfig config, Printk printk) {
        this(config, printk, null);
    }

    /**
     * As {@link #Torture(TortureConfig, Printk)}, with a tracer.
     *
     * @param config what to do
     * @param printk where its log and the machine's go; called on any thread
     * @param tracer gets the events of the machine, or null
     */
    public Torture(TortureConfig config, Printk printk, EventSink tracer) {
        this(config, printk, tracer, null);
    }

    /**
     * As {@link #Torture(TortureConfig, Printk, EventSink)}, with an observer.
     *
     * @param config what to do
     * @param printk where its log and the machine's go; called on any thread
     * @param tracer gets the events of the machine, or null
     * @param observer is told what the run does, or null
     */
    public Torture(TortureConfig config, Printk printk, EventSink tracer, TortureObserver observer) {
        this.observer = observer;
        this.config = config;
        this.tracer = tracer;
        this.log = new TortureLog(printk);
    }

    void meddle(Consumer<Machine> action) {
        meddler = action;
    }

    /** Ends the run in order, as Ctrl-C does; repeated calls have no effect. Context: any thread. */
    public void stop() {
        stopRequest.countDown();
    }

    /** {@return the counters, possibly stale at once; null before the machine has booted} */
    public ScfStatistics statistics() {
        ScfRun now = run;
        return now == null ? null : ScfStatistics.of(now, now.onoff.stats());
    }

    /**
     * Runs the test, once.
     *
     * @return how it ended
     */
    public TortureResult run() {
        if (!began.compareAndSet(false, true)) {
            throw new IllegalStateException("this torture run has already run; make a new one");
        }
        Machine machine = Machine.boot(config.boot(), log, config.faults(), new PlatformThreads(), tracer);
        TortureResult result;
        try {
            run = new ScfRun(config, machine, observer);
            log.print(TortureHeader.line(config, machine.cpus()));
            log.print(config.line("Start of test", config.get(TortureParam.NTHREADS)));
            run.selector.dump().forEach(log::print);
            unlessEnded(this::startTasks);
            unlessEnded(this::awaitEnd);
            long nanos = System.nanoTime() - run.startedAt();
            run.announceStop();
            run.stop();
            unlessEnded(this::endTasks);
            unlessEnded(this::account);
            log.print(statistics().line(true));
            Sysrq.interrupts(machine).lines().forEach(log::print);
            result = result(nanos);
        } finally {
            close(machine);
        }
        if (result.failures().size() != failures.size()) { // closing found another failure
            result = result(result.nanos());
        }
        failures.stream().filter(failure -> !shown.contains(failure))
                .forEach(failure -> log.print("scftorture: !!! " + failure));
        if (result.verdict() != Verdict.NONE) {
            log.print(config.line("End of test: " + result.verdict(), config.workers()));
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return result;
    }

    private void startTasks() {
        CpuMask active = run.machine.cpus().active;
        List<Task> tasks = new ArrayList<>();
        if (run.stutter.enabled()) {
            tasks.add(run.start(ScfRun.STUTTER, active, run.stutter::run));
        }
        run.verbose("scftorture: Starting " + config.workers() + " smp_call_function() threads");
        for (int worker = 0; worker < config.workers(); worker++) {
            ScfInvoker invoker = new ScfInvoker(run, worker);
            tasks.add(run.start(ScfRun.INVOKER + "/" + worker, invoker.affinity(), invoker::run));
        }
        if (TortureShuffle.enabled(config)) {
            run.start(ScfRun.SHUFFLE, active, new TortureShuffle(run, tasks)::run);
        }
        if (TortureOnoff.enabled(config)) {
            run.start(ScfRun.ONOFF, active, run.onoff::run);
        }
        meddler.accept(run.machine);
    }

    /** Prints statistics at intervals until the time is over, the run is stopped, or it hangs. */
    private void awaitEnd() {
        long now = System.nanoTime();
        long interval = config.get(TortureParam.STAT_INTERVAL) * SECOND;
        long nextStatistics = now + interval;
        int seconds = config.get(TortureParam.SHUTDOWN_SECS);
        long end = now + seconds * SECOND;
        HungTasks hungTasks = new HungTasks(run);
        while (!await(stopRequest, POLL_MILLIS) && !machineFailed()) {
            now = System.nanoTime();
            if (seconds > 0 && now - end >= 0) {
                break;
            }
            if (interval > 0 && now - nextStatistics >= 0) {
                nextStatistics += interval;
                log.print(statistics().line(false));
            }
            String hung = hungTasks.check(now);
            if (hung != null) {
                hang(hung);
                break;
            }
        }
    }

    private void endTasks() {
        if (config.ipiDrop() > 0) {
            // A task that waits for a completion does not re-send a lost interrupt; one that waits for a csd lock does.
            startFlush(run.machine.cpus().online.first(), new CountDownLatch(1), true);
        }
        boolean hung = !failures.isEmpty();
        int patience = hung ? 1 : config.get(TortureParam.HUNG_TASK_TIMEOUT_SECS);
        if (awaitTasks(run.running, patience)) {
            flush(patience);
        } else if (!hung && !machineFailed()) {
            hang(run.running.getCount() + " tasks did not end within " + patience + " s after they were told to");
        }
    }

    /** Flushes calls without a waiter that are still in progress: from two CPUs, because no CPU calls itself. */
    private void flush(int patience) {
        Cpus cpus = run.machine.cpus();
        int first = cpus.online.first();
        for (int cpu : new int[] {first, cpus.online.next(first)}) {
            CountDownLatch flushed = new CountDownLatch(1);
            if (cpu < cpus.nrCpuIds) {
                startFlush(cpu, flushed, false);
                if (!awaitTasks(flushed, patience) && !machineFailed()) {
                    hang("CPU " + cpu + " could not flush the calls to other CPUs within " + patience + " s");
                }
            }
        }
        if (run.machine.smp().csdLockIsStuck()) {
            hang("a csd lock is stuck");
        }
    }

    private void startFlush(int cpu, CountDownLatch flushed, boolean untilTasksEnd) {
        run.machine.spawn(cpu, "scf_torture_cleanup", () -> {
            do {
                run.machine.smp().smpCallFunction(FLUSH, null, true);
                if (untilTasksEnd) {
                    run.machine.scheduler().timers().msleep(10);
                }
            } while (untilTasksEnd && run.running.getCount() > 0);
            flushed.countDown();
        });
    }

    /** Checks that every accepted call has run once, and every record came back once; unless something hung. */
    private void account() {
        if (machineFailed() || !failures.isEmpty()) {
            return;
        }
        for (ScfPool pool : run.pools) {
            pool.cleanupFreeList();
        }
        ScfStatistics now = statistics();
        long singles = run.handlers.invokedSingle();
        if (singles != now.singlesAccepted()) {
            failures.add("of " + now.singlesAccepted() + " single calls that were accepted, " + singles + " were run");
        }
        if (now.allocated() != now.recycled() + now.mbOutErrs()) {
            failures.add("of " + now.allocated() + " records, " + now.recycled() + " came back");
        }
        if (TortureOnoff.enabled(config)) {
            return; // then the number of targets of a broadcast is unknown
        }
        long expected = now.broadcasts() * (run.machine.cpus().numOnline() - 1);
        long broadcasts = run.handlers.invoked() - singles;
        if (broadcasts != expected) {
            failures.add("of " + expected + " calls in broadcasts, " + broadcasts + " were run");
        }
    }

    /** Records failures that the machine itself detected; true if the test can't continue. */
    private boolean machineFailed() {
        Machine machine = run.machine;
        boolean ended = machine.cpus().lifetime.ended();
        if (ended) {
            note("the machine has ended: " + machine.cpus().lifetime.panicReason());
        }
        if (machine.watchdog().lockups() > 0) {
            note("the watchdog reported a lockup");
        }
        return ended || machine.watchdog().lockups() > 0;
    }

    /** Runs a step that needs the machine, and gives up if the machine ends meanwhile. */
    private void unlessEnded(Runnable step) {
        if (!machineFailed()) {
            try {
                step.run();
            } catch (Aborted e) {
                machineFailed();
            }
        }
    }

    private void note(String failure) {
        if (!failures.contains(failure)) {
            failures.add(failure);
        }
    }

    private void hang(String what) {
        note(what);
        shown.add(what);
        log.print("scftorture: !!! " + what);
        Sysrq.showAllCpus(run.machine);
        Sysrq.showTasks(run.machine);
    }

    private TortureResult result(long nanos) {
        int warnings = run.machine.warnings().count();
        if (warnings > 0) {
            note(warnings == 1 ? "there was a warning" : "there were " + warnings + " warnings");
        }
        // An interrupt was lost that was not injected to be lost, or a CPU takes longer than any handler.
        if (log.csdLockReports() > 0 && config.ipiDrop() == 0 && config.get(TortureParam.LONGWAIT) == 0) {
            note("a csd lock was waited for longer than csd_lock_timeout, " + log.csdLockReports() + " times");
        }
        ScfStatistics now = statistics();
        return new TortureResult(Verdict.of(now, failures, config.workers()), now, failures, warnings,
                run.machine.watchdog().lockups(), log.csdLockReports(), nanos);
    }

    private void close(Machine machine) {
        try {
            machine.close();
        } catch (IllegalStateException e) {
            failures.add(e.getMessage());
        }
    }

    /** Waits for tasks, but not if the machine has failed and they may never end. */
    private boolean awaitTasks(CountDownLatch latch, int seconds) {
        long deadline = System.nanoTime() + seconds * SECOND;
        while (!await(latch, POLL_MILLIS)) {
            if (machineFailed() || System.nanoTime() - deadline >= 0) {
                return false;
            }
        }
        return true;
    }

    private boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            stop();
            return latch.getCount() == 0;
        }
    }

    /**
     * The line with the figure of merit.
     *
     * @param result how the run ended
     * @return for example {@code 1234567 invocations in 10.0 s: 123457 per second}
     */
    public static String rate(TortureResult result) {
        return String.format(Locale.ROOT, "%d invocations in %.1f s: %.0f per second", result.statistics()
                .invoked(), result.nanos() / 1e9, result.invocationsPerSecond());
    }
}
