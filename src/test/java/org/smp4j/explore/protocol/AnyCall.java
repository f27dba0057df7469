package org.smp4j.explore.protocol;

import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import org.smp4j.explore.Exploring;

/**
 * Two or three threads make a few calls of {@code java.util.concurrent} each, and accesses of their own between these;
 * a number chooses which. The last thread to end notes the results of all.
 */
public final class AnyCall implements Runnable {
    /** How many numbers there are. */
    public static final int MANY = 1 << 20;
    /** How many calls. */
    private static final int CALLS = 27;

    private volatile int first;
    private volatile int second;
    private int plain;
    private final CountDownLatch latch = new CountDownLatch(2);
    private final Semaphore semaphore = new Semaphore(1);
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final StampedLock stamped = new StampedLock();
    private final ArrayBlockingQueue<Integer> bounded = new ArrayBlockingQueue<>(1);
    private final LinkedBlockingQueue<Integer> linked = new LinkedBlockingQueue<>();
    private final Queue<Integer> queue = linked;
    private final CompletableFuture<Integer> future = new CompletableFuture<>();
    private final FutureTask<Integer> task = new FutureTask<>(() -> second = second * 3 + 1);
    private final CyclicBarrier barrier = new CyclicBarrier(2, () -> first = first * 3 + 2);
    private final Phaser phaser = new Phaser(2);
    private final Object monitor = new Object();
    private long[] saw;
    private int ended;

    @Override
    public void run() {
        Random random = new Random(Exploring.reduce(MANY) * 31L);
        int[] some = random.ints(2 + random.nextInt(2), 0, CALLS).toArray(); // so that the threads often meet
        int count = 2 + random.nextInt(4) / 3;
        Thread[] threads = new Thread[count];
        saw = new long[count];
        for (int i = 0; i < count; i++) {
            int id = i;
            int[] steps = random.ints(count == 3 ? 1 : 1 + random.nextInt(2), 0, some.length).map(index -> some[index])
                    .toArray();
            threads[i] = new Thread(() -> live(id, steps), "T" + i);
        }
        Exploring.stretch(false);
        for (Thread thread : threads) {
            thread.start();
        }
    }

    private void live(int id, int[] calls) {
        Exploring.stretch(true); // the main thread has ended
        long seen = 1;
        for (int call : calls) {
            try {
                seen = seen * 31 + act(id, call);
            } catch (IllegalMonitorStateException | IllegalStateException e) {
                seen = seen * 31 + 19;
            } catch (Exception e) {
                seen = seen * 31 + 17;
            }
        }
        saw[id] = seen;
        Exploring.quietly(this::tellIfLast);
    }

    private void tellIfLast() {
        if (++ended == saw.length) {
            StringBuilder text = new StringBuilder();
            for (long each : saw) {
                text.append(each).append(' ');
            }
            Exploring.note(text.append(first).append(' ').append(second).append(' ').append(plain).append(bounded)
                    .append(linked).append(future.isDone()).toString());
        }
    }

    private int act(int id, int call) throws Exception {
        return switch (call) {
            case 0 -> first = id + 1;
            case 1 -> first;
            case 2 -> second += id + 1;
            case 3 -> plain = plain * 3 + id + 1;
            case 4 -> counts();
            case 5 -> (int) latch.getCount();
            case 6 -> awaits();
            case 7 -> guarded(id);
            case 8 -> semaphore.tryAcquire() ? 1 : 0;
            case 9 -> released();
            case 10 -> written(id);
            case 11 -> read();
            case 12 -> stamped(id);
            case 13 -> optimistic();
            case 14 -> put(id);
            case 15 -> bounded.take();
            case 16 -> bounded.offer(id) ? 1 : 0;
            case 17 -> linked.offer(id) ? 1 : 0;
            case 18 -> value(queue.poll());
            case 19 -> linked.size();
            case 20 -> future.complete(id) ? 1 : 0;
            case 21 -> future.getNow(7);
            case 22 -> chained(id);
            case 23 -> ran();
            case 24 -> barrier.await();
            case 25 -> phaser.arrive();
            default -> synchronizedCounts();
        };
    }

    private int counts() {
        latch.countDown();
        return plain;
    }

    private int awaits() throws InterruptedException {
        latch.await();
        return first;
    }

    private int guarded(int id) throws InterruptedException {
        semaphore.acquire();
        plain = plain * 3 + id + 1;
        semaphore.release();
        return plain;
    }

    private int released() {
        semaphore.release();
        return semaphore.availablePermits();
    }

    private int written(int id) {
        lock.writeLock().lock();
        plain = plain * 3 + id + 1;
        int seen = first;
        lock.writeLock().unlock();
        return seen;
    }

    private int read() {
        if (!lock.readLock().tryLock()) {
            return 5;
        }
        int seen = plain;
        lock.readLock().unlock();
        return seen;
    }

    private int stamped(int id) {
        long stamp = stamped.writeLock();
        second = id + 1;
        first = id + 1;
        stamped.unlockWrite(stamp);
        return 1;
    }

    private int optimistic() {
        long stamp = stamped.tryOptimisticRead();
        int seen = first * 3 + second;
        return stamped.validate(stamp) ? seen : -1;
    }

    private int put(int id) throws InterruptedException {
        bounded.put(id);
        return 1;
    }

    private static int value(Integer polled) {
        return polled == null ? 5 : polled;
    }

    private int chained(int id) {
        future.thenAccept(value -> second = second * 3 + value + id);
        return second;
    }

    private int ran() throws Exception {
        task.run();
        return task.get();
    }

    private int synchronizedCounts() {
        synchronized (monitor) {
            latch.countDown();
            return first * 3 + (int) latch.getCount();
        }
    }
}
