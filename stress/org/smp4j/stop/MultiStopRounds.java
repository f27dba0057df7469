package org.smp4j.stop;

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
     * @return nanoseconds a round: all CPUs through all states
     */
    public static double nanosPerRound(int count, long nanos) {
        double once = timed(count, 3);
        return timed(count, (int) Math.max(3, nanos / once));
    }

    private static double timed(int count, int rounds) {
        Cpus cpus = new Cpus(count);
        AtomicReferenceArray<MultiStop> stops = new AtomicReferenceArray<>(rounds);
        for (int round = 0; round < rounds; round++) {
            stops.set(round, new MultiStop(arg -> 0, null, count, null));
        }
        AtomicInteger ready = new AtomicInteger();
        Thread[] others = new Thread[count - 1];
        for (int i = 0; i < others.length; i++) {
            int cpu = i + 1;
            others[i] = new Thread(() -> play(cpus.cpu(cpu), stops, ready, count));
            others[i].setDaemon(true);
            others[i].start();
        }
        double cost = play(cpus.cpu(0), stops, ready, count) / rounds;
        try {
            for (Thread other : others) {
                other.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return cost;
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
