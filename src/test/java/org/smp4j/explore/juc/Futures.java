package org.smp4j.explore.juc;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

final class Futures {
    private Futures() {
    }

    /** Two tasks of the common pool count without a lock. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class RunAsyncRaces extends Parts.Single {
        @Override
        void body() {
            CompletableFuture.allOf(CompletableFuture.runAsync(() -> count++),
                    CompletableFuture.runAsync(() -> count++)).join();
            Threads.require(count == 2, "count is " + count);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Combined extends Parts.Single {
        @Override
        void body() {
            int sum = CompletableFuture.supplyAsync(() -> 1)
                    .thenCombine(CompletableFuture.supplyAsync(() -> 2), Integer::sum).join();
            Threads.require(sum == 3, "one is missing");
        }
    }

    /** Two threads complete; the second is told that it was too late. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class CompletesOnce extends Parts.Pair {
        final CompletableFuture<Integer> future = new CompletableFuture<>();
        final boolean[] first = new boolean[2];

        @Override
        void body(int number) {
            first[number] = future.complete(number);
        }

        @Override
        void after() {
            Threads.require(first[0] != first[1] && first[future.join()], "both, or none");
        }
    }

    /** The value that comes after a timeout may win. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 2000)
    public static class TimesOut extends Parts.Single {
        @Override
        void body() {
            CompletableFuture<Integer> future = new CompletableFuture<>();
            CompletableFuture<Integer> timed = future.completeOnTimeout(2, 1, TimeUnit.MILLISECONDS);
            Threads.start("late", () -> future.complete(1));
            Threads.require(timed.join() == 1, "the timeout was first");
        }
    }

    /** The task is cancelled, or has run: its thread counts nevertheless. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class CancelledTaskRuns extends Parts.Single {
        @Override
        void body() {
            FutureTask<Integer> task = new FutureTask<>(() -> count = 1);
            Thread runs = Threads.start("runs", task::run);
            boolean cancelled = task.cancel(false);
            Threads.join(runs);
            Threads.require(!cancelled || count == 0, "it ran, and is cancelled");
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 200)
    public static class TaskRunsOnce extends Parts.Pair {
        final FutureTask<Integer> task = new FutureTask<>(() -> ++count);

        @Override
        void body(int number) throws Exception {
            task.run();
            Threads.require(task.get() == 1, "it ran twice");
        }

        @Override
        void after() {
        }
    }

    /** Adds what it gets. */
    private static final class Adder implements Flow.Subscriber<Integer> {
        final CompletableFuture<Integer> sum = new CompletableFuture<>();
        private int added;

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
            subscription.request(Long.MAX_VALUE);
        }

        @Override
        public void onNext(Integer item) {
            added += item;
        }

        @Override
        public void onError(Throwable thrown) {
            sum.completeExceptionally(thrown);
        }

        @Override
        public void onComplete() {
            sum.complete(added);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 100)
    public static class Publishes extends Parts.Single {
        @Override
        void body() {
            Adder adder = new Adder();
            try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
                publisher.subscribe(adder);
                publisher.submit(1);
                publisher.submit(2);
            }
            Threads.require(adder.sum.join() == 3, "an item is missing");
        }
    }

    /** The sum is read before the subscriber is done. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class PublishesTooLate extends Parts.Single {
        @Override
        void body() {
            Adder adder = new Adder();
            try (SubmissionPublisher<Integer> publisher = new SubmissionPublisher<>()) {
                publisher.subscribe(adder);
                publisher.submit(1);
            }
            Threads.require(adder.sum.getNow(0) == 1, "an item is missing");
        }
    }
}
