package org.smp4j.stop;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.Sitter;

/** The barrier of {@code stop_machine} alone, run by threads that play CPUs; for the comparison with other barriers. */
public final class MultiStopRounds {
    private MultiStopRounds() {
    }

    /**
     * Runs the barrier for a while.
     *
     * @param count how many CPUs
     * @param nanos for about how long
     * @param threads makes the threads, all of them
     * @return nanoseconds a round: all CPUs through all states
     */
    public static double nanosPerRound(int count, long nanos, ThreadFactory threads) {
        double once = timed(count, 3, threads);
        return timed(count, (int) Math.max(3, nanos / once), threads);
    }

    private static double timed(int count, int rounds, ThreadFactory factory) {
        Cpus cpus = new Cpus(count);
        AtomicReferenceArray<MultiStop> stops = new AtomicReferenceArray<>(rounds);
        for (int round = 0; round < rounds; round++) {
            stops.set(round, new MultiStop(arg -> 0, null, count, null));
        }
        AtomicInteger ready = new AtomicInteger();
        double[] nanos = new double[count];
        Thread[] threads = new Thread[count];
        for (int i = 0; i < count; i++) {
            int cpu = i;
            threads[i] = factory.newThread(() -> nanos[cpu] = play(cpus.cpu(cpu), stops, ready, count));
            threads[i].start();
        }
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return nanos[0] / rounds;
    }

    private static double play(Cpu cpu, AtomicReferenceArray<MultiStop> stops, AtomicInteger ready, int count) {
        try (Sitter self = cpu.sit()) {
            ready.incrementAndGet();
            for (int turn = 0; ready.get() < count; turn++) {
                self.relax(turn);
            }
            long start = System.nanoTime();
            for (int round = 0; round < stops.length(); round++) {
                stops.get(round).run(cpu);
            }
            return System.nanoTime() - start;
        }
    }
}
