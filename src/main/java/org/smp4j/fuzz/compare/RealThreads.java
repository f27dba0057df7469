package org.smp4j.fuzz.compare;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.Machine;
import org.smp4j.call.IrqWork;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.call.SmpCallFunc;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.cpu.SeatThread;
import org.smp4j.cpu.Sitter;
import org.smp4j.cpu.ThreadSource;
import org.smp4j.fuzz.grammar.Catalog;
import org.smp4j.fuzz.grammar.Kernel;
import org.smp4j.fuzz.grammar.World;
import org.smp4j.fuzz.program.Player;
import org.smp4j.fuzz.program.Program;
import org.smp4j.fuzz.program.Stage;
import org.smp4j.lib.BootParams;
import org.smp4j.lib.CpuMask;
import org.smp4j.lib.Warnings;
import org.smp4j.sched.Task;
import org.smp4j.stop.CpuStopFn;

/** Runs a program on real threads, without the explorer: on bare CPUs, or on a booted machine. */
final class RealThreads {
    private static final int PATIENCE_SECONDS = 120;
    private static final int SETTLES = 8; // functions call functions, three deep

    private final Program program;
    private final Catalog catalog;

    RealThreads(Program program, Catalog catalog) {
        this.program = program;
        this.catalog = catalog;
    }

    /**
     * {@return the outcome of a run}
     *
     * @throws IllegalStateException if the run does not end, or breaks a rule
     */
    String run() {
        World world = new World(program, catalog);
        try {
            if (program.stage() == Stage.CPUS) {
                onCpus(world);
            } else {
                onMachine(world);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        } catch (TimeoutException e) {
            throw new IllegalStateException("the program has not ended within " + PATIENCE_SECONDS + " s", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a task ended with " + e.getCause(), e.getCause());
        }
        return world.outcome();
    }

    private static void check(World world, Warnings warnings) {
        for (Warnings.Warning warning : warnings.list()) {
            if (!world.expects(warning)) {
                throw new IllegalStateException("the kernel warned: " + warning);
            }
        }
        world.check();
    }

    private void onCpus(World world) throws InterruptedException, TimeoutException, ExecutionException {
        Cpus cpus = new Cpus(program.cpus());
        Smp smp = new Smp(cpus);
        world.on(new Kernel(cpus, smp, new IrqWorks(smp), null, null, null, null));
        CountDownLatch seated = new CountDownLatch(program.cpus());
        AtomicInteger busy = new AtomicInteger(program.players().size());
        CompletableFuture<Void> over = new CompletableFuture<>();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        Thread[] threads = new Thread[program.cpus()];
        for (int i = 0; i < threads.length; i++) {
            int cpu = i;
            threads[i] = Thread.ofPlatform().daemon().name("CPU " + cpu).start(() -> {
                try (Sitter seat = cpus.cpu(cpu).sit()) {
                    seated.countDown();
                    for (int turn = 0; seated.getCount() > 0; turn++) {
                        seat.relax(turn);
                    }
                    play(world, cpu, busy);
                    for (int turn = 0; cpu == 0 && busy.get() > 0; turn++) {
                        seat.relax(turn);
                    }
                    if (cpu == 0) {
                        settle(world.kernel());
                        over.complete(null);
                    }
                    for (int turn = 0; !over.isDone(); turn++) {
                        seat.relax(turn);
                    }
                } catch (Throwable e) {
                    failure.compareAndSet(null, e);
                }
            });
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        for (Thread thread : threads) {
            while (thread.isAlive() && failure.get() == null) {
                thread.join(100);
                if (System.nanoTime() - deadline > 0) {
                    failure.compareAndSet(null, new TimeoutException());
                }
            }
        }
        if (failure.get() != null) {
            over.complete(null);
            cpus.lifetime.close(); // ends the others
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (failure.get() instanceof TimeoutException e) {
            throw e;
        }
        if (failure.get() != null) {
            throw new ExecutionException(failure.get());
        }
        check(world, cpus.warnings);
    }

    private void play(World world, int cpu, AtomicInteger busy) {
        for (int i = 0; i < program.players().size(); i++) {
            if (program.players().get(i).cpu() == cpu) {
                world.play(i);
                world.mustBeBalanced(i);
                busy.decrementAndGet();
            }
        }
    }

    private void onMachine(World world) throws InterruptedException, TimeoutException, ExecutionException {
        Tasks tasks = new Tasks();
        try (Machine machine = Machine.boot(BootParams.cpus(program.cpus()).with("idle=halt watchdog_thresh=0")
                .withPin(false), line -> { }, null, tasks)) {
            world.on(new Kernel(machine.cpus(), machine.smp(), machine.irqWorks(), machine.scheduler(),
                    machine.cpuHotplugLock(), machine.stopMachine(), machine));
            int first = tasks.inOrder.size();
            CountDownLatch ready = new CountDownLatch(1);
            List<Task> started = new CopyOnWriteArrayList<>();
            for (int i = 0; i < program.players().size(); i++) {
                int number = i;
                Player player = program.players().get(i);
                CpuMask affinity = player.count() == 0 ? CpuMask.of(program.cpus(), player.cpu())
                        : world.mask(player.count());
                Task task = machine.scheduler().run("task " + i, Task.Policy.NORMAL, affinity, () -> {
                    while (ready.getCount() > 0) {
                        machine.scheduler().condResched();
                    }
                    world.play(number);
                    world.mustBeBalanced(number);
                });
                started.add(task);
                world.started(i, task);
            }
            ready.countDown();
            for (int i = 0; i < program.players().size(); i++) {
                tasks.inOrder.get(first + i).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            }
            for (Task task : started) {
                if (task.failure() != null) {
                    throw new ExecutionException(task.failure());
                }
            }
            machine.run(machine.cpus().active.first(), () -> settle(world.kernel()));
            check(world, machine.warnings());
        }
    }

    /** Waits for what was not waited for; a call that is waited for may overtake others, but only once. */
    private static void settle(Kernel kernel) {
        for (int turn = 0; turn < SETTLES; turn++) {
            kernel.smp().onEachCpu(SmpCallFunc.named("settle", _ -> { }), null, true);
            for (int cpu = 0; cpu < kernel.cpus().nrCpuIds; cpu++) {
                if (kernel.cpus().cpu(cpu).isOnline()) {
                    IrqWork work = IrqWork.of(_ -> { });
                    kernel.irqWorks().irqWorkQueueOn(work, cpu);
                    kernel.irqWorks().irqWorkSync(work);
                    if (kernel.stopMachine() != null) {
                        kernel.stopMachine().stopOneCpu(cpu, CpuStopFn.named("settle", _ -> 0), null);
                    }
                }
            }
        }
    }

    /** Threads of the JVM, and which tasks have ended. */
    private static final class Tasks implements ThreadSource {
        final List<CompletableFuture<Void>> inOrder = new CopyOnWriteArrayList<>();
        private final Map<Sitter, CompletableFuture<Void>> ends = Collections.synchronizedMap(new IdentityHashMap<>());
        private final PlatformThreads threads = new PlatformThreads();

        @Override
        public void spawned(Sitter sitter) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            ends.put(sitter, end);
            inOrder.add(end);
        }

        @Override
        public SeatThread newThread(String name, Sitter sitter, Runnable body) {
            CompletableFuture<Void> end = sitter == null ? null : ends.get(sitter);
            return threads.newThread(name, sitter, end == null ? body : () -> {
                try {
                    body.run();
                } finally {
                    end.complete(null);
                }
            });
        }

        @Override
        public void ended(Thread thread) {
            threads.ended(thread);
        }

        @Override
        public Set<Thread> threads() {
            return threads.threads();
        }

        @Override
        public boolean join(long millis) throws InterruptedException {
            return threads.join(millis);
        }
    }
}
