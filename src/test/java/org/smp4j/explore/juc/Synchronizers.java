package org.smp4j.explore.juc;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Exchanger;
import java.util.concurrent.Phaser;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

final class Synchronizers {
    private Synchronizers() {
    }

    /** The latch opens before the second thread has counted. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class LatchTooEarly extends Parts.Single {
        @Override
        void body() throws InterruptedException {
            CountDownLatch latch = new CountDownLatch(1);
            AtomicInteger number = new AtomicInteger();
            for (int i = 0; i < 2; i++) {
                Threads.start("t" + i, () -> {
                    number.incrementAndGet();
                    latch.countDown();
                });
            }
            latch.await();
            Threads.require(number.get() == 2, "a thread is missing");
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class Latch extends Parts.Single {
        @Override
        void body() throws InterruptedException {
            CountDownLatch latch = new CountDownLatch(2);
            AtomicInteger number = new AtomicInteger();
            for (int i = 0; i < 2; i++) {
                Threads.start("t" + i, () -> {
                    number.incrementAndGet();
                    latch.countDown();
                });
            }
            latch.await();
            Threads.require(number.get() == 2, "a thread is missing");
        }
    }

    /** Two permits let both threads count at once. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class SemaphoreTooWide extends Parts.Pair {
        final Semaphore semaphore = new Semaphore(2);

        @Override
        void body(int number) throws InterruptedException {
            semaphore.acquire();
            count++;
            semaphore.release();
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class SemaphoreAsLock extends Parts.Pair {
        final Semaphore semaphore = new Semaphore(1);

        @Override
        void body(int number) throws InterruptedException {
            semaphore.acquire();
            count++;
            semaphore.release();
        }
    }

    /** One of the threads does not give its permit back. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500,
            saying = {"is parked at AbstractQueuedSynchronizer.", "called at org.smp4j.explore.juc.Synchronizers$"})
    public static class SemaphoreLost extends Parts.Pair {
        final Semaphore semaphore = new Semaphore(1);

        @Override
        void body(int number) throws InterruptedException {
            semaphore.acquire();
            if (number == 0) {
                semaphore.release();
            }
        }

        @Override
        void after() {
        }
    }

    /** The barrier is for three. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500)
    public static class BarrierTooWide extends Parts.Pair {
        final CyclicBarrier barrier = new CyclicBarrier(3);

        @Override
        void body(int number) throws Exception {
            barrier.await();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Barrier extends Parts.Pair {
        final int[] slots = new int[2];
        final CyclicBarrier barrier = new CyclicBarrier(2, () -> count = slots[0] + slots[1]);

        @Override
        void body(int number) throws Exception {
            slots[number] = 1;
            barrier.await();
            Threads.require(count == 2, "the action has not run");
        }
    }

    /** A party registers itself, perhaps when the phase is over. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class PhaserTooLate extends Parts.Pair {
        final Phaser phaser = new Phaser();
        final AtomicInteger arrived = new AtomicInteger();

        @Override
        void body(int number) {
            phaser.register();
            arrived.incrementAndGet();
            phaser.arriveAndAwaitAdvance();
            Threads.require(arrived.get() == 2, "a party is missing");
            phaser.arriveAndDeregister();
        }

        @Override
        void after() {
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Phases extends Parts.Pair {
        final Phaser phaser = new Phaser(2);
        final AtomicInteger arrived = new AtomicInteger();

        @Override
        void body(int number) {
            arrived.incrementAndGet();
            phaser.arriveAndAwaitAdvance();
            Threads.require(arrived.get() == 2, "a party is missing");
            phaser.arriveAndDeregister();
        }

        @Override
        void after() {
            Threads.require(phaser.isTerminated(), "parties are left");
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Exchange extends Parts.Pair {
        final Exchanger<Integer> exchanger = new Exchanger<>();

        @Override
        void body(int number) throws InterruptedException {
            Threads.require(exchanger.exchange(number) == 1 - number, "it got its own");
        }

        @Override
        void after() {
        }
    }

    /** A strand that gives up leaves its partner alone. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 2000)
    public static class ExchangeTimesOut extends Parts.Pair {
        final Exchanger<Integer> exchanger = new Exchanger<>();

        @Override
        void body(int number) throws Exception {
            Threads.require(exchanger.exchange(number, 1, TimeUnit.MILLISECONDS) == 1 - number, "it got its own");
        }

        @Override
        void after() {
        }
    }
}
