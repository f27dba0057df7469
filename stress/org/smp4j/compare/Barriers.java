package org.smp4j.compare;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Phaser;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import org.smp4j.stop.MultiStopRounds;

/** Stopping more CPUs than there are cores: four phases that all of them take together. */
final class Barriers {
    private static final int PHASES = 4;
    private static final long SETTLE = 10_000_000;
    private static final ThreadFactory DAEMON = Thread.ofPlatform().daemon().factory();
    private static final VarHandle STOP = MethodHandles.arrayElementVarHandle(boolean[].class);

    private Barriers() {
    }

    /**
     * What a core needs to turn from one thread to another, by {@code sched_yield}; measured on a machine of six CPUs,
     * of which 0 and 2 share a core.
     */
    static Subject threadSwitch(Rig six) {
        return Subject.of("thread switch by Thread.yield on one core", nanos -> {
            LockSupport.parkNanos(SETTLE); // until no idle CPU of another machine looks for work any more
            boolean[] stop = new boolean[1];
            six.spawn(2, () -> {
                while (!(boolean) STOP.getAcquire(stop, 0)) {
                    Thread.yield();
                }
            });
            double both = six.measure(0, () -> Batch.median(nanos, 100, Thread::yield));
            STOP.setRelease(stop, 0, true);
            return both / 2;
        });
    }

    static List<Subject> subjects(int cpus, Rig rig, Subject threadSwitch) {
        int switches = PHASES * cpus / 2;
        List<Subject> subjects = new ArrayList<>();
        subjects.add(Subject.of("multi-stop barrier alone, %d CPUs, in units of %d thread switches".formatted(cpus,
                switches),
                nanos -> MultiStopRounds.nanosPerRound(cpus, nanos, DAEMON) / switches).against(threadSwitch).millis(60)
                .atMost(1.5));
        subjects.add(Subject.of("the same on virtual threads, %d CPUs, in units of %d thread switches".formatted(cpus,
                switches),
                nanos -> MultiStopRounds.nanosPerRound(cpus, nanos, Thread.ofVirtual().factory()) / switches)
                .against(threadSwitch).millis(60));
        subjects.add(Subject.of("stop_machine, %d CPUs, in units of %d thread switches".formatted(cpus, switches),
                nanos -> rig.measure(0,
                () -> Batch.median(nanos, 1, () -> rig.machine.stopMachine()
                .stopMachine(arg -> 0, null, null))) / switches).against(threadSwitch).millis(60));
        subjects.add(Subject.of("Phaser, %d threads x 4 phases, in units of %d thread switches".formatted(cpus,
                switches), nanos -> {
            Phaser phaser = new Phaser(cpus);
            return rounds(cpus, nanos, round -> phaser.arriveAndAwaitAdvance()) / switches;
        }).against(threadSwitch).millis(60));
        subjects.add(Subject.of("CyclicBarrier, %d threads x 4 phases, in units of %d thread switches".formatted(cpus,
                switches), nanos -> {
            CyclicBarrier barrier = new CyclicBarrier(cpus);
            return rounds(cpus, nanos, round -> {
                try {
                    barrier.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    throw new IllegalStateException(e);
                }
            }) / switches;
        }).against(threadSwitch).millis(60));
        return subjects;
    }

    /** Nanoseconds for four phases; a few rounds first to learn how many fit. */
    private static double rounds(int threads, long nanos, IntConsumer phase) {
        double once = timed(threads, 3, phase);
        return timed(threads, (int) Math.max(3, nanos / once), phase);
    }

    private static double timed(int threads, int rounds, IntConsumer phase) {
        Thread[] others = new Thread[threads - 1];
        Runnable body = () -> {
            for (int i = 0; i < rounds * PHASES; i++) {
                phase.accept(i);
            }
        };
        for (int i = 0; i < others.length; i++) {
            others[i] = new Thread(body);
            others[i].setDaemon(true);
            others[i].start();
        }
        long start = System.nanoTime();
        body.run();
        double cost = (double) (System.nanoTime() - start) / rounds;
        try {
            for (Thread other : others) {
                other.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return cost;
    }
}
