package org.smp4j.litmus.run;

import static java.lang.constant.ConstantDescs.CD_Object;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.BooleanSupplier;
import org.smp4j.cpu.Pinning;
import org.smp4j.litmus.program.Condition;
import org.smp4j.litmus.program.LitmusTest;

/**
 * Runs a test many times on real threads, one for each of its threads, each pinned to a core. The test is compiled to a
 * hidden class, so what runs is what the JIT makes of the test's accesses.
 */
public final class FreeRun {
    private static final int MOST_INSTANCES = 4096;

    private final LitmusTest test;
    private final long runs;
    private final BooleanSupplier stop;
    private final SplittableRandom random;
    private final List<Condition.Part> registers;
    private final List<Condition.Part> locations;
    private final Batch batch;
    private final int[] cores;
    private final List<long[]> states = new ArrayList<>();
    private final List<long[]> counts = new ArrayList<>();
    private final long[] present;
    private long made;
    private long skipped;
    private boolean ended;

    private FreeRun(LitmusTest test, long runs, long seed, BooleanSupplier stop) {
        this.test = test;
        this.runs = runs;
        this.stop = stop;
        random = new SplittableRandom(seed);
        registers = test.shown().stream().filter(part -> part.thread() >= 0).toList();
        locations = test.shown().stream().filter(part -> part.thread() < 0).toList();
        present = new long[registers.size() + locations.size()];
        cores = Pinning.allowedCores();
        int threads = test.threads().size();
        batch = new Batch(test, (int) Math.min(runs, MOST_INSTANCES), registers.size(),
                Math.min(Pinning.hostCores(), cores.length == 0 ? Integer.MAX_VALUE : cores.length) < threads);
    }

    /**
     * Runs a test.
     *
     * @param test the test, of which a search has shown that it accesses only what is a location
     * @param runs how often, at least 1
     * @param iterations the number of iterations of a loop, at most; a run with more is not counted
     * @param seed decides which cache lines a run uses, and by how much a thread starts late
     * @param stop asked now and then whether to end early
     * @return how often each final state came out
     */
    public static Histogram run(LitmusTest test, long runs, int iterations, long seed, BooleanSupplier stop) {
        return new FreeRun(test, runs, seed, stop).run(iterations);
    }

    private Histogram run(int iterations) {
        int threads = test.threads().size();
        batch.prepare(random);
        CyclicBarrier barrier = new CyclicBarrier(threads, this::next);
        List<Throwable> failures = new ArrayList<>();
        List<Thread> workers = new ArrayList<>();
        MethodHandle[] code = compile(iterations);
        boolean[] pinned = new boolean[threads];
        for (int i = 0; i < threads; i++) {
            int thread = i;
            workers.add(Thread.ofPlatform().name(test.threads().get(i).name()).daemon().start(() -> {
                pinned[thread] = cores.length > 0 && Pinning.pinCurrentThread(cores[thread % cores.length]);
                try {
                    while (!ended) { // written in the barrier's action, so all threads see the same
                        code[thread].invokeExact(batch);
                        barrier.await();
                    }
                } catch (BrokenBarrierException e) {
                    // another thread has failed
                } catch (Throwable e) {
                    synchronized (failures) {
                        failures.add(e);
                    }
                    batch.failed = true;
                    barrier.reset();
                }
            }));
        }
        for (Thread worker : workers) {
            join(worker);
        }
        if (!failures.isEmpty()) {
            throw new IllegalStateException("a thread of the test has failed: " + failures.getFirst().getMessage(),
                    failures.getFirst());
        }
        return histogram(pinned);
    }

    private static void join(Thread worker) {
        boolean interrupted = false;
        while (worker.isAlive()) {
            try {
                worker.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private MethodHandle[] compile(int iterations) {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        int threads = test.threads().size();
        byte[] bytes = ClassFile.of().build(ClassDesc.of(FreeRun.class.getPackageName(), "CompiledTest"), type -> {
            type.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(CD_Object);
            for (int i = 0; i < threads; i++) {
                int thread = i;
                type.withMethodBody("thread" + i, ThreadCompiler.TYPE, ClassFile.ACC_STATIC,
                        code -> ThreadCompiler.emit(test, thread, registers, iterations, code));
            }
        });
        try {
            MethodHandles.Lookup hidden = lookup.defineHiddenClass(bytes, true);
            MethodHandle[] code = new MethodHandle[threads];
            for (int i = 0; i < threads; i++) {
                code[i] = hidden.findStatic(hidden.lookupClass(), "thread" + i,
                        MethodType.methodType(void.class, Batch.class));
            }
            return code;
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the compiled test", e);
        }
    }

    /** Counts the states of a batch and makes the next one; all threads wait. */
    private void next() {
        int count = (int) Math.min(batch.size, runs - made);
        for (int i = 0; i < count; i++) {
            if (batch.isSkipped(i)) {
                skipped++;
            } else {
                count(i);
            }
        }
        made += count;
        ended = made == runs || stop.getAsBoolean();
        batch.prepare(random);
    }

    private void count(int instance) {
        int width = registers.size();
        System.arraycopy(batch.results, instance * width, present, 0, width);
        for (int i = 0; i < locations.size(); i++) {
            present[width + i] = batch.memory[batch.cells[locations.get(i).index()][instance]];
        }
        int state = 0;
        while (state < states.size() && !Arrays.equals(states.get(state), present)) {
            state++;
        }
        if (state == states.size()) {
            states.add(present.clone());
            counts.add(new long[1]);
        }
        counts.get(state)[0]++;
    }

    private Histogram histogram(boolean[] pinned) {
        TreeMap<String, Histogram.Count> all = new TreeMap<>();
        for (int i = 0; i < states.size(); i++) {
            long[] state = states.get(i);
            long[][] values = new long[test.threads().size()][];
            Arrays.setAll(values, thread -> new long[test.threads().get(thread).registers().size()]);
            long[] memory = new long[test.locations().size()];
            for (int part = 0; part < registers.size(); part++) {
                values[registers.get(part).thread()][registers.get(part).index()] = state[part];
            }
            for (int part = 0; part < locations.size(); part++) {
                memory[locations.get(part).index()] = state[registers.size() + part];
            }
            boolean holds = test.condition().formula().holds(values, memory);
            all.merge(test.state(values, memory), new Histogram.Count(holds ? counts.get(i)[0] : 0,
                    holds ? 0 : counts.get(i)[0]), Histogram.Count::plus);
        }
        int bound = 0;
        for (boolean thread : pinned) {
            bound += thread ? 1 : 0;
        }
        return new Histogram(test, all, made - skipped, skipped, bound == pinned.length,
                cores.length == 0 ? Pinning.hostCores() : cores.length);
    }
}
