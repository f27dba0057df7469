package org.smp4j.explore.juc;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RecursiveTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

final class Pools {
    private Pools() {
    }

    /** Two tasks of a pool count without a lock. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500, saying = "pool-1-thread-2")
    public static class TasksRace extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            Future<?> one = pool.submit(() -> count++);
            Future<?> two = pool.submit(() -> count++);
            one.get();
            two.get();
            pool.shutdown();
            Threads.require(count == 2, "count is " + count);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class OneThreadForAll extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newSingleThreadExecutor();
            Future<?> one = pool.submit(() -> count++);
            Future<?> two = pool.submit(() -> count++);
            one.get();
            two.get();
            pool.shutdown();
            Threads.require(count == 2, "count is " + count);
            Threads.require(pool.awaitTermination(1, TimeUnit.DAYS), "it is still there");
        }
    }

    /** A task waits for another task of its pool, which has one thread. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500, saying = "is parked at FutureTask.awaitDone")
    public static class WaitsForItself extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(1);
            pool.submit(() -> pool.submit(() -> count++).get()).get();
        }
    }

    /** The pool's threads wait for tasks for ever. */
    @Gives(value = Verdict.DEADLOCK, by = "portfolio", schedules = 500)
    public static class NeverShutDown extends Parts.Single {
        @Override
        void body() {
            Executors.newFixedThreadPool(1).execute(() -> count++);
        }
    }

    /** A task that comes after the shutdown is refused. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500,
            saying = "rejected from java.util.concurrent.ThreadPoolExecutor@")
    public static class TooLate extends Parts.Single {
        @Override
        void body() {
            ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            Thread late = Threads.start("late", () -> pool.execute(() -> count++));
            pool.shutdown();
            Threads.join(late);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class TooLateIsCounted extends Parts.Single {
        @Override
        void body() throws InterruptedException {
            AtomicInteger done = new AtomicInteger();
            ThreadPoolExecutor pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>());
            Thread late = Threads.start("late", () -> {
                try {
                    pool.execute(done::incrementAndGet);
                } catch (RejectedExecutionException e) {
                    done.incrementAndGet();
                }
            });
            pool.shutdown();
            Threads.join(late);
            Threads.require(pool.awaitTermination(1, TimeUnit.DAYS), "it is still there");
            Threads.require(done.get() == 1, "neither run nor refused");
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Scheduled extends Parts.Single {
        @Override
        void body() throws Exception {
            ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
            long now = System.nanoTime();
            Future<Integer> one = pool.schedule(() -> ++count, 2, TimeUnit.MILLISECONDS);
            Future<Integer> two = pool.schedule(() -> ++count, 1, TimeUnit.MILLISECONDS);
            Threads.require(one.get() + two.get() == 3, "one is missing");
            Threads.require(System.nanoTime() >= now + 2_000_000, "too early");
            pool.shutdown();
        }
    }

    /** A scheduled task is due while the thread that has scheduled it still counts. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class ScheduledRaces extends Parts.Single {
        @Override
        void body() throws Exception {
            ScheduledExecutorService pool = Executors.newScheduledThreadPool(1);
            Future<?> task = pool.schedule(() -> count++, 1, TimeUnit.MILLISECONDS);
            count++;
            task.get();
            pool.shutdown();
            Threads.require(count == 2, "count is " + count);
        }
    }

    private static final class Sum extends RecursiveTask<Integer> {
        private static final long serialVersionUID = 1;
        private final int from;
        private final int to;
        private final boolean joins;

        Sum(int from, int to, boolean joins) {
            this.from = from;
            this.to = to;
            this.joins = joins;
        }

        @Override
        protected Integer compute() {
            if (to - from == 1) {
                return from;
            }
            Sum left = new Sum(from, (from + to) / 2, joins);
            Sum right = new Sum((from + to) / 2, to, joins);
            left.fork();
            int sum = right.compute();
            Integer other = joins ? left.join() : left.getRawResult();
            return other == null ? -1 : sum + other;
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Forks extends Parts.Single {
        @Override
        void body() {
            Threads.require(new ForkJoinPool(2).invoke(new Sum(0, 4, true)) == 6, "a part is missing");
        }
    }

    /** The result of a part is read before the part has ended. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class ForksWithoutJoin extends Parts.Single {
        @Override
        void body() {
            Threads.require(new ForkJoinPool(2).invoke(new Sum(0, 2, false)) == 1, "a part is missing");
        }
    }

    /** The first result is that of the first task only in most schedules. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class FirstCompleted extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool);
            service.submit(() -> 1);
            service.submit(() -> 2);
            int first = service.take().get();
            service.take();
            pool.shutdown();
            Threads.require(first == 1, "the second was first");
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class BothComplete extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            ExecutorCompletionService<Integer> service = new ExecutorCompletionService<>(pool);
            service.submit(() -> 1);
            service.submit(() -> 2);
            int sum = service.take().get() + service.take().get();
            pool.shutdown();
            Threads.require(sum == 3, "one is missing");
        }
    }

    /** The exception of a task comes out of get, as the JDK wraps it. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 50)
    public static class TaskThrows extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newCachedThreadPool();
            try {
                pool.submit(() -> {
                    throw new IllegalStateException("expected");
                }).get();
                throw new AssertionError("no exception");
            } catch (ExecutionException e) {
                Threads.require(e.getCause().getMessage().equals("expected"), e.toString());
            }
            pool.shutdownNow();
        }
    }
}
