package org.smp4j.explore.instrument;

import java.io.ByteArrayOutputStream;
import java.lang.invoke.MethodHandles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.concurrent.locks.StampedLock;

/** One method for each call that the explorer can't control. */
@SuppressWarnings("unused")
final class Refused {
    private volatile int number;

    @Expect("ThreadLocalRandom.current")
    void threadLocalRandom() {
        ThreadLocalRandom.current();
    }

    @Expect("CountDownLatch.countDown")
    void latch() {
        new CountDownLatch(1).countDown();
    }

    @Expect("Semaphore.tryAcquire")
    void semaphore() {
        new Semaphore(1).tryAcquire();
    }

    @Expect("Phaser.register")
    void phaser() {
        new Phaser().register();
    }

    @Expect("StampedLock.tryWriteLock")
    void stampedLock() {
        new StampedLock().tryWriteLock();
    }

    @Expect({"ReentrantReadWriteLock.readLock", "Lock.lock"})
    void otherLock() {
        Lock lock = new ReentrantReadWriteLock().readLock();
        lock.lock();
    }

    @Expect("ReentrantLock.newCondition")
    void condition() {
        new ReentrantLock().newCondition();
    }

    @Expect("LinkedBlockingQueue.put")
    void blockingQueue() throws InterruptedException {
        new LinkedBlockingQueue<String>().put("a");
    }

    @Expect("ArrayBlockingQueue.poll")
    void timedPoll() throws InterruptedException {
        new ArrayBlockingQueue<String>(1).poll(0, TimeUnit.NANOSECONDS);
    }

    @Expect({"Executors.newVirtualThreadPerTaskExecutor", "ExecutorService.close"})
    void executor() {
        Executors.newVirtualThreadPerTaskExecutor().close();
    }

    @Expect("CompletableFuture.complete")
    void future() {
        new CompletableFuture<String>().complete("a");
    }

    @Expect("List.parallelStream")
    void parallel() {
        List.of(1).parallelStream();
    }

    @Expect("Files.exists")
    void files() {
        Files.exists(Path.of("none"));
    }

    @Expect("System.in")
    void input() {
        Object in = System.in;
    }

    @Expect({"VarHandle.toMethodHandle"})
    void handleOfHandle() throws ReflectiveOperationException {
        MethodHandles.lookup().findVarHandle(Refused.class, "number", int.class)
                .toMethodHandle(java.lang.invoke.VarHandle.AccessMode.GET);
    }

    @Expect({})
    void harmless() throws Exception {
        new Random(3).nextInt();
        new ByteArrayOutputStream().write(1);
        new CountDownLatch(1);
        TimeUnit.SECONDS.toMillis(1);
        if (number > 0) {
            new Phaser().register();
        }
    }
}
