package org.smp4j.explore.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.smp4j.explore.Exploring;

/**
 * Three threads that perform operations on a few shared objects; a number chooses the operations. The run notes at its
 * end what each thread saw. There are {@link #MANY}.
 */
public final class Scrambled implements Runnable {
    /** How many numbers there are. */
    public static final int MANY = 1 << 20;

    private static final int THREADS = 3;
    private static final int STEPS = 5;

    private static final class Thing {
        private volatile int touched;
    }

    private volatile int first;
    private volatile int second;
    private int plain;
    private int guarded;
    private final int[] cells = new int[2];
    private final Thing[] things = {new Thing(), new Thing()};
    private final AtomicInteger atomic = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> looks = new ArrayList<>();
    private final long[] saw = new long[THREADS];
    private final Thread[] threads = new Thread[THREADS];

    @Override
    public void run() {
        int number = Exploring.reduce(MANY);
        for (int i = 0; i < THREADS; i++) {
            int id = i;
            Random random = new Random(number * 31L + i);
            int[] program = random.ints(STEPS, 0, 40).toArray();
            threads[i] = new Thread(() -> live(id, program));
        }
        for (Thread thread : threads) {
            thread.start();
        }
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        Exploring.note(() -> looks + " " + saw[0] + " " + saw[1] + " " + saw[2] + " " + first + " " + second
                + " " + guarded);
        if ((saw[0] ^ saw[1] ^ saw[2]) % 7 == 3) {
            throw new AssertionError("saw " + (saw[0] ^ saw[1] ^ saw[2]));
        }
    }

    private void live(int id, int[] program) {
        long seen = 1;
        for (int step : program) {
            seen = seen * 31 + act(id, step);
        }
        saw[id] = seen;
    }

    private int act(int id, int step) {
        switch (step < 36 ? step % 12 : step) {
            case 0 -> first = id + 1;
            case 1 -> second += id + 1;
            case 2 -> plain += id + 1;
            case 3 -> cells[id & 1]++;
            case 4 -> {
                return first;
            }
            case 5 -> {
                return cells[1 - (id & 1)] + plain;
            }
            case 6 -> {
                return atomic.compareAndSet(id, id + 1) ? 1 : 0;
            }
            case 7 -> {
                return spin();
            }
            case 8 -> {
                lock.lock();
                guarded = guarded * 3 + id;
                lock.unlock();
            }
            case 9 -> Exploring.quietly(() -> looks.add(id + ":" + plain + first));
            case 10 -> {
                LockSupport.parkNanos(100);
                return second;
            }
            case 11 -> LockSupport.unpark(threads[(id + 1) % THREADS]);
            case 36, 37 -> {
                return things[step & 1].touched;
            }
            case 38 -> Exploring.freed(things[id & 1]);
            default -> {
                return atomic.getAndIncrement() + second;
            }
        }
        return 0;
    }

    private int spin() {
        int turns = 0;
        while (second == 0 && turns < 3) {
            turns++;
            Thread.onSpinWait();
        }
        return turns;
    }
}
