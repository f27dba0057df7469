package org.smp4j.explore.protocol;

import java.lang.invoke.VarHandle;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.smp4j.explore.Exploring;

/**
 * Two threads, and a third that they may start, make a few operations each; a number chooses these from all that the
 * explorer models. The last thread to end notes the results of all.
 */
public final class AnyOperation implements Runnable {
    /** How many numbers there are. */
    public static final int MANY = 1 << 20;
    /** How many operations. */
    public static final int OPERATIONS = 36;

    private static final int THREADS = 2;
    private static final int[] WRITING = {0, 2, 3, 5, 6, 17, 25};

    private volatile int first;
    private volatile int second;
    private int plain;
    private int other;
    private int guarded;
    private final int[] cells = new int[2];
    private final AtomicInteger atomic = new AtomicInteger();
    private final ReentrantLock lock = new ReentrantLock();
    private final Object monitor = new Object();
    private final ThreadLocal<Integer> local = ThreadLocal.withInitial(() -> 7);
    private final Map<Integer, Integer> concurrent = new ConcurrentHashMap<>();
    private final Map<Integer, Integer> simple = new HashMap<>();
    private final long[] saw = new long[THREADS + 1];
    private final Thread[] threads = new Thread[THREADS + 1];
    private int begun = THREADS;
    private int ended;

    @Override
    public void run() {
        int number = Exploring.reduce(MANY);
        Random random = new Random(number * 31L);
        int[] some = random.ints(2 + random.nextInt(3), 0, OPERATIONS).toArray(); // so that the threads often meet
        some[0] = WRITING[random.nextInt(WRITING.length)];
        for (int i = 0; i <= THREADS; i++) {
            int id = i;
            StringBuilder program = new StringBuilder(); // threads can't share its characters
            random.ints(i == THREADS ? 1 : 2 + random.nextInt(2), 0, some.length)
                    .forEach(index -> program.append((char) some[index]));
            String steps = program.toString();
            threads[i] = new Thread(() -> live(id, steps), "T" + i);
        }
        Exploring.stretch(false);
        for (int i = 0; i < THREADS; i++) {
            threads[i].start();
        }
    }

    private void live(int id, String program) {
        Exploring.stretch(true); // the main thread has ended
        long seen = 1;
        for (int i = 0; i < program.length(); i++) {
            try {
                seen = seen * 31 + act(id, program.charAt(i));
            } catch (InterruptedException e) {
                seen = seen * 31 + 17;
            } catch (IllegalThreadStateException e) {
                seen = seen * 31 + 19;
            }
        }
        saw[id] = seen;
        Exploring.quietly(this::tellIfLast);
    }

    private void tellIfLast() {
        if (++ended == begun) {
            Exploring.note(saw[0] + " " + saw[1] + " " + saw[2] + " " + first + " " + second + " " + plain + " " + other
                    + " " + guarded + " "
                    + atomic.get() + " " + cells[0] + " " + cells[1] + " " + concurrent + simple);
        }
    }

    private int act(int id, int step) throws InterruptedException {
        Thread next = threads[(id + 1) % THREADS];
        Thread third = threads[THREADS];
        return switch (step) {
            case 0 -> first = id + 1;
            case 1 -> first;
            case 2 -> second += id + 1;
            case 3 -> plain = plain * 3 + id + 1;
            case 4 -> plain;
            case 5 -> atomic.compareAndSet(id, id + 1) ? 1 : 0;
            case 6 -> locked(id);
            case 7 -> waits(1);
            case 8 -> signals(false);
            case 9 -> signals(true);
            case 10 -> parks(100);
            case 11 -> unparks(next);
            case 12, 13, 14 -> starts(third);
            case 15 -> third.isAlive() ? 1 : 0;
            case 16 -> interrupts(third);
            case 17 -> interrupts(next);
            case 18 -> next.isInterrupted() ? 1 : 0;
            case 19 -> Thread.interrupted() ? 1 : 0;
            case 20 -> sleeps();
            case 21 -> yields();
            case 22 -> byLock(true, id);
            case 23 -> byLock(false, id);
            case 24 -> byLocal(id);
            case 25 -> concurrent.merge(1, id + 1, (a, b) -> a * 3 + b);
            case 26 -> concurrent.size();
            case 27 -> sized(simple.put(id, 1));
            case 28 -> simple.size();
            case 29 -> fenced(id);
            case 30 -> joins(third, 1);
            case 31 -> joins(next, 1);
            case 32 -> joins(third, 0);
            case 33 -> third.isInterrupted() ? 1 : 0;
            case 34 -> cells[0] += ++cells[id & 1];
            default -> unparks(third);
        };
    }

    private int locked(int id) {
        synchronized (monitor) {
            guarded = guarded * 3 + id + 1;
            return guarded;
        }
    }

    private int waits(long millis) throws InterruptedException {
        synchronized (monitor) {
            monitor.wait(millis);
            return guarded;
        }
    }

    private int signals(boolean all) {
        synchronized (monitor) {
            if (all) {
                monitor.notifyAll();
            } else {
                monitor.notify();
            }
            return guarded;
        }
    }

    private int parks(long nanos) {
        LockSupport.parkNanos(nanos);
        return second;
    }

    private static int unparks(Thread thread) {
        LockSupport.unpark(thread);
        return 0;
    }

    private int starts(Thread thread) {
        thread.start();
        Exploring.quietly(() -> begun++);
        return 1;
    }

    private static int interrupts(Thread thread) {
        thread.interrupt();
        return 1;
    }

    private int sleeps() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(1);
        return first;
    }

    private int yields() {
        int before = second;
        Thread.yield();
        return before * 3 + second;
    }

    private int byLock(boolean waits, int id) {
        if (waits) {
            lock.lock();
        } else if (!lock.tryLock()) {
            return 5;
        }
        other = other * 3 + id + 1;
        lock.unlock();
        return other;
    }

    private int byLocal(int id) {
        int before = local.get();
        local.set(before + id);
        return local.get() + first;
    }

    private static int sized(Integer before) {
        return before == null ? 0 : before;
    }

    private int fenced(int id) {
        other = id + 1;
        VarHandle.fullFence();
        return plain;
    }

    private int joins(Thread thread, long millis) throws InterruptedException {
        thread.join(millis);
        return second;
    }
}
