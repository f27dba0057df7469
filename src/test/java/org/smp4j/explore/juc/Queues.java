package org.smp4j.explore.juc;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

final class Queues {
    private Queues() {
    }

    /** One thread puts 1 and 2, the other takes both. */
    abstract static class InOrder extends Parts.Pair {
        final BlockingQueue<Integer> queue = queue();

        abstract BlockingQueue<Integer> queue();

        @Override
        void body(int number) throws InterruptedException {
            for (int i = 1; i <= 2; i++) {
                if (number == 0) {
                    queue.put(i);
                } else {
                    Threads.require(queue.take() == i, "in another order");
                }
            }
        }

        @Override
        void after() {
            Threads.require(queue.isEmpty(), "something is left in " + queue);
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class Linked extends InOrder {
        @Override
        BlockingQueue<Integer> queue() {
            return new LinkedBlockingQueue<>(1);
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class OfArray extends InOrder {
        @Override
        BlockingQueue<Integer> queue() {
            return new ArrayBlockingQueue<>(1);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Deque extends InOrder {
        @Override
        BlockingQueue<Integer> queue() {
            return new LinkedBlockingDeque<>(1);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Synchronous extends InOrder {
        @Override
        BlockingQueue<Integer> queue() {
            return new SynchronousQueue<>();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Transfer extends InOrder {
        @Override
        BlockingQueue<Integer> queue() {
            return new LinkedTransferQueue<>();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Priority extends InOrder {
        @Override
        BlockingQueue<Integer> queue() {
            return new PriorityBlockingQueue<>();
        }
    }

    /** Looks, then takes: another thread may take in between. */
    abstract static class LooksFirst extends Parts.Pair {
        final BlockingQueue<Integer> queue = queue();

        abstract BlockingQueue<Integer> queue();

        @Override
        void body(int number) throws InterruptedException {
            if (!queue.isEmpty()) {
                queue.take();
            }
        }

        @Override
        void after() {
        }
    }

    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500, saying = "LinkedBlockingQueue")
    public static class LinkedLooksFirst extends LooksFirst {
        @Override
        BlockingQueue<Integer> queue() {
            return new LinkedBlockingQueue<>(List.of(1));
        }
    }

    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500)
    public static class ArrayLooksFirst extends LooksFirst {
        @Override
        BlockingQueue<Integer> queue() {
            return new ArrayBlockingQueue<>(1, false, List.of(1));
        }
    }

    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500)
    public static class DequeLooksFirst extends LooksFirst {
        @Override
        BlockingQueue<Integer> queue() {
            return new LinkedBlockingDeque<>(List.of(1));
        }
    }

    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500)
    public static class TransferLooksFirst extends LooksFirst {
        @Override
        BlockingQueue<Integer> queue() {
            return new LinkedTransferQueue<>(List.of(1));
        }
    }

    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500)
    public static class PriorityLooksFirst extends LooksFirst {
        @Override
        BlockingQueue<Integer> queue() {
            return new PriorityBlockingQueue<>(List.of(1));
        }
    }

    /** An offer that finds no taker is lost. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500, saying = "SynchronousQueue")
    public static class OfferIsLost extends Parts.Pair {
        final SynchronousQueue<Integer> queue = new SynchronousQueue<>();

        @Override
        void body(int number) throws InterruptedException {
            if (number == 0) {
                queue.offer(1);
            } else {
                queue.take();
            }
        }

        @Override
        void after() {
        }
    }

    /** A timed poll may come too early. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class PollTimesOut extends Parts.Pair {
        final ArrayBlockingQueue<Integer> queue = new ArrayBlockingQueue<>(1);

        @Override
        void body(int number) throws InterruptedException {
            if (number == 0) {
                queue.put(1);
            } else {
                Threads.require(queue.poll(10, TimeUnit.MILLISECONDS) != null, "nothing came");
            }
        }

        @Override
        void after() {
        }
    }

    private record Due(long at) implements Delayed {
        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(at - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(at, ((Due) other).at);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Delays extends Parts.Pair {
        final DelayQueue<Due> queue = new DelayQueue<>();

        @Override
        void body(int number) throws InterruptedException {
            if (number == 0) {
                long now = System.nanoTime();
                queue.put(new Due(now + 2_000_000));
                queue.put(new Due(now + 1_000_000));
            } else {
                long first = queue.take().at;
                Threads.require(first <= System.nanoTime(), "too early");
            }
        }

        @Override
        void after() {
            Threads.require(queue.size() == 1, "one is left");
        }
    }
}
