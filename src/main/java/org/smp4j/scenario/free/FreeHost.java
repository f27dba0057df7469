package org.smp4j.scenario.free;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Pinning;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.cpu.SeatThread;
import org.smp4j.cpu.Sitter;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.explore.model.Failure;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;
import org.smp4j.stop.StopMachine;

/**
 * The threads of one free run: pinned to cores, started together, each after a short delay that is drawn anew for each
 * run, and ended all together, whatever they do. Context: used by the thread that runs the scenario.
 */
public final class FreeHost implements ThreadSource {
    private static final int MOST_PAUSES = 3000; // a few microseconds to a few tens
    private static final long LOOK_NANOS = 50_000;
    private static final int QUIET_LOOKS = 10;
    private static final int SETTLES = 3; // what is queued may queue more
    private static final long END_MILLIS = 5000;

    private final PlatformThreads platform = new PlatformThreads();
    private final List<Thread> started = new ArrayList<>();
    private final List<Sitter> tasks = new CopyOnWriteArrayList<>();
    private final Map<Sitter, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();
    private final long deadline;
    private final SplittableRandom random;
    private Cpus cpus;

    // Written by: the first thread that fails. Read by: the thread that runs the scenario. Ordering: volatile.
    private volatile Throwable failure;

    // Written by: the thread that runs the scenario. Read by: the thread of the devices. Ordering: volatile.
    private volatile boolean over;

    /**
     * No threads yet.
     *
     * @param patienceNanos how long the run may take, in nanoseconds
     * @param seed of the delays
     */
    public FreeHost(long patienceNanos, long seed) {
        deadline = System.nanoTime() + patienceNanos;
        random = new SplittableRandom(seed);
    }

    /**
     * Names the machine of the run, so that {@link #end} can end its threads.
     *
     * @param machine its CPUs
     */
    public void owns(Cpus machine) {
        cpus = machine;
    }

    /**
     * Starts a thread for each CPU, pinned to a core of its own as far as there are enough.
     *
     * @param bodies what each runs: the bodies of threads that are not started
     */
    public void start(List<Thread> bodies) {
        int[] cores = Pinning.allowedCores();
        AtomicInteger waiting = new AtomicInteger(bodies.size());
        for (int i = 0; i < bodies.size(); i++) {
            Thread body = bodies.get(i);
            int core = cores.length == 0 ? -1 : cores[i % cores.length];
            int pauses = random.nextInt(MOST_PAUSES);
            Thread thread = Thread.ofPlatform().daemon().name(body.getName()).unstarted(() -> {
                try {
                    Pinning.pinCurrentThread(core);
                    waiting.decrementAndGet();
                    while (waiting.get() > 0) {
                        Thread.yield();
                    }
                    pause(pauses);
                    body.run();
                } catch (Aborted e) {
                    // Another thread has failed, or time is over.
                } catch (Throwable e) {
                    failed(e);
                }
            });
            started.add(thread);
        }
        started.forEach(Thread::start);
    }

    private static void pause(int turns) {
        for (int i = 0; i < turns; i++) {
            Thread.onSpinWait();
        }
    }

    private void failed(Throwable cause) {
        if (failure == null) {
            failure = cause;
        }
    }

    /**
     * Raises the interrupts of devices from here on, each at a time that is drawn.
     *
     * @param devices raise one interrupt each, or do nothing
     */
    public void raise(List<Runnable> devices) {
        if (devices.isEmpty()) {
            return;
        }
        SplittableRandom draws = random.split();
        Thread.ofPlatform().daemon().name("devices").start(() -> {
            while (!over) {
                pause(draws.nextInt(MOST_PAUSES));
                devices.get(draws.nextInt(devices.size())).run();
                Thread.yield();
            }
        });
    }

    /** Waits until the threads of {@link #start} have ended. */
    public void join() {
        started.forEach(thread -> await(() -> !thread.isAlive()));
    }

    /** Waits until all tasks that were started so far, and those that they start, have ended; throws as they did. */
    public void joinTasks() {
        for (int i = 0; i < tasks.size(); i++) {
            Sitter task = tasks.get(i);
            await(() -> ends.get(task).isDone());
            rethrow(((Task) task).failure());
        }
    }

    /**
     * Throws what a scenario's function found broken where the kernel has caught it, and made it a warning.
     *
     * @param warnings the machine's
     */
    public static void rethrow(Warnings warnings) {
        for (Warnings.Warning warning : warnings.list()) {
            if (warning.cause() instanceof Failure.Broken broken) {
                throw broken;
            }
        }
    }

    private static void rethrow(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause != null) {
            throw new IllegalStateException(cause);
        }
    }

    /** Gives the tasks that were started a moment to come to their CPUs; one that another keeps from there may not. */
    public void awaitSeats() {
        for (int looks = 0; looks < QUIET_LOOKS && tasks.stream().anyMatch(task -> task.thread() == null); looks++) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        LockSupport.parkNanos(LOOK_NANOS);
    }

    /**
     * Waits until a condition holds and no interrupt has been pending for a while.
     *
     * @param condition the condition
     */
    public void awaitQuiet(BooleanSupplier condition) {
        int[] looks = {0};
        await(() -> {
            boolean quiet = condition.getAsBoolean();
            for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
                quiet &= cpus.cpu(cpu).pendingBits() == 0;
            }
            looks[0] = quiet ? looks[0] + 1 : 0;
            return looks[0] > QUIET_LOOKS;
        });
    }

    private void await(BooleanSupplier condition) {
        for (int turn = 0; !condition.getAsBoolean(); turn++) {
            rethrow(failure);
            if (System.nanoTime() - deadline > 0) {
                throw new Unended("the run has not ended in time");
            }
            if (turn < QUIET_LOOKS) {
                Thread.yield();
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    /**
     * {@return a task's body that waits for calls, irq_works and stop works that nothing has waited for}
     *
     * @param smp the calls
     * @param works the irq_works
     * @param stop the stoppers
     */
    public Runnable settling(Smp smp, IrqWorks works, StopMachine stop) {
        return () -> {
            for (int turn = 0; turn < SETTLES; turn++) {
                smp.onEachCpu(SmpCallFunc.named("settle", _ -> { }), null, true);
                for (int cpu = 0; cpu < cpus.nrCpuIds; cpu++) {
                    if (cpus.cpu(cpu).isOnline()) {
                        IrqWork work = IrqWork.of(_ -> { });
                        works.irqWorkQueueOn(work, cpu);
                        works.irqWorkSync(work);
                        stop.stopOneCpu(cpu, CpuStopFn.named("settle", _ -> 0), null);
                    }
                }
            }
        };
    }

    /**
     * Ends all threads of the run.
     *
     * @return whether all have ended; one that neither waits nor takes an interrupt does not
     */
    public boolean end() {
        over = true;
        if (cpus == null) {
            return true;
        }
        cpus.lifetime.close();
        cpus.smpSendStop();
        try {
            long end = System.nanoTime() + END_MILLIS * 1_000_000;
            for (Thread thread : started) {
                thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
            }
            return started.stream().noneMatch(Thread::isAlive) && platform.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void spawned(Sitter sitter) {
        if (sitter.getClass() == Task.class) { // those of the machine itself are of classes of their own
            ends.put(sitter, new CompletableFuture<>());
            tasks.add(sitter);
        }
    }

    @Override
    public SeatThread newThread(String name, Sitter sitter, Runnable body) {
        CompletableFuture<Void> end = sitter == null ? null : ends.get(sitter);
        return platform.newThread(name, sitter, end == null ? body : () -> {
            try {
                body.run();
            } finally {
                end.complete(null);
            }
        });
    }

    @Override
    public void ended(Thread thread) {
        platform.ended(thread);
    }

    @Override
    public Set<Thread> threads() {
        return platform.threads();
    }

    @Override
    public boolean join(long millis) throws InterruptedException {
        return platform.join(millis);
    }
}
