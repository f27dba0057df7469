package org.smp4j.explore.juc;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

/** Default methods of the JDK's interfaces that ask for the running thread. */
final class Closings {
    private Closings() {
    }

    /** The close waits for the tasks. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound2"}, schedules = 200)
    public static class WaitsForAll extends Parts.Single {
        @Override
        void body() {
            try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
                pool.execute(() -> count++);
                pool.execute(() -> count++);
            }
            Threads.require(count == 2, "count is " + count);
        }
    }

    /** A thread that is interrupted when it closes the pool drops what has not begun. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class InterruptedBefore extends Parts.Single {
        @Override
        void body() {
            try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
                pool.execute(() -> count++);
                pool.execute(() -> count++);
                Thread.currentThread().interrupt();
            }
            Thread.interrupted();
            Threads.require(count == 2, "count is " + count);
        }
    }

    /** It is still interrupted when it has closed the pool; nothing else is. */
    @Gives(value = Verdict.PASS, by = {"portfolio", "bound2"}, schedules = 200)
    public static class StaysInterrupted extends Parts.Single {
        @Override
        void body() {
            try (ExecutorService pool = Executors.newFixedThreadPool(1)) {
                pool.execute(() -> count++);
                Thread.currentThread().interrupt();
            }
            Threads.require(Thread.interrupted(), "the interrupt is lost");
            Threads.require(!Thread.interrupted(), "twice");
        }
    }

    /** Another thread may interrupt the one that waits in the close: a task ends early. */
    private abstract static class DuringClose extends Parts.Single {
        private volatile boolean broken;

        @Override
        final void body() {
            Thread closer = Threads.start("closer", () -> {
                ExecutorService pool = Executors.newFixedThreadPool(1);
                pool.execute(() -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException e) {
                        broken = true;
                    }
                });
                close(pool);
                seen(Thread.currentThread().isInterrupted(), broken);
            });
            closer.interrupt();
            Threads.join(closer);
        }

        void close(ExecutorService pool) {
            pool.close();
        }

        abstract void seen(boolean interrupted, boolean broken);
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class InterruptedWithin extends DuringClose {
        @Override
        void seen(boolean interrupted, boolean broken) {
            Threads.require(interrupted, "the interrupt is lost");
        }
    }

    /** Even a task that has not begun is interrupted: its thread has it already. */
    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 300)
    public static class TaskIsInterrupted extends DuringClose {
        @Override
        void seen(boolean interrupted, boolean broken) {
            Threads.require(broken, "the task was not interrupted");
        }
    }

    /** A pool that is closed by a caller that knows it by another interface. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500, saying = "the interrupt is kept")
    public static class ClosedByItsSupertype extends DuringClose {
        @Override
        void close(ExecutorService pool) {
            try {
                close((AutoCloseable) pool);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        private static void close(AutoCloseable what) throws Exception {
            what.close();
        }

        @Override
        void seen(boolean interrupted, boolean broken) {
            Threads.require(!interrupted, "the interrupt is kept");
        }
    }

    /** An executor of the program's own, which inherits the close. */
    private static final class Own extends AbstractExecutorService {
        private final ExecutorService pool = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>());
        private final boolean waits;

        Own(boolean waits) {
            this.waits = waits;
        }

        @Override
        public void execute(Runnable task) {
            pool.execute(task);
        }

        @Override
        public void shutdown() {
            pool.shutdown();
        }

        @Override
        public List<Runnable> shutdownNow() {
            return pool.shutdownNow();
        }

        @Override
        public boolean isShutdown() {
            return pool.isShutdown();
        }

        @Override
        public boolean isTerminated() {
            return pool.isTerminated();
        }

        @Override
        public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
            return !waits || pool.awaitTermination(timeout, unit);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class OwnExecutor extends Parts.Single {
        @Override
        void body() {
            try (ExecutorService pool = new Own(true)) {
                pool.execute(() -> count++);
            }
            Threads.require(count == 1, "count is " + count);
        }
    }

    /** Its wait for the end says that it has ended. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class OwnExecutorDoesNotWait extends Parts.Single {
        @Override
        void body() {
            try (ExecutorService pool = new Own(false)) {
                pool.execute(() -> count++);
            }
            Threads.require(count == 1, "count is " + count);
        }
    }

    /** A future of the program's own, which inherits how its state is read. */
    private static final class Ready implements Future<Integer> {
        private final CountDownLatch latch = new CountDownLatch(1);
        private volatile int value;

        void complete(int with) {
            value = with;
            latch.countDown();
        }

        @Override
        public boolean cancel(boolean interrupts) {
            return false;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public boolean isDone() {
            return latch.getCount() == 0;
        }

        @Override
        public Integer get() throws InterruptedException, ExecutionException {
            latch.await();
            if (value < 0) {
                throw new ExecutionException(new IllegalArgumentException("it is negative"));
            }
            return value;
        }

        @Override
        public Integer get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException,
                TimeoutException {
            return get();
        }
    }

    private abstract static class OfOwnFuture extends Parts.Single {
        final Ready future = new Ready();

        @Override
        final void body() throws Exception {
            Thread other = Threads.start("other", () -> future.complete(value()));
            look(() -> {
                Threads.join(other);
                return null;
            });
            Threads.join(other);
        }

        int value() {
            return 1;
        }

        abstract void look(Callable<Void> waits) throws Exception;
    }

    /** Looks before it is done. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500, saying = "IllegalStateException")
    public static class ResultTooEarly extends OfOwnFuture {
        @Override
        void look(Callable<Void> waits) {
            Threads.require(future.resultNow() == 1, "another result");
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Result extends OfOwnFuture {
        @Override
        void look(Callable<Void> waits) throws Exception {
            waits.call();
            Thread.currentThread().interrupt();
            Threads.require(future.resultNow() == 1 && future.state() == Future.State.SUCCESS, "another result");
            Threads.require(Thread.interrupted(), "the interrupt is lost");
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Failed extends OfOwnFuture {
        @Override
        int value() {
            return -1;
        }

        @Override
        void look(Callable<Void> waits) throws Exception {
            waits.call();
            Threads.require(future.exceptionNow() instanceof IllegalArgumentException, "another exception");
            Threads.require(future.state() == Future.State.FAILED, "another state");
        }
    }

    /** Takes it to be done. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class StillRunning extends OfOwnFuture {
        @Override
        void look(Callable<Void> waits) {
            Threads.require(future.state() != Future.State.RUNNING, "still running");
        }
    }
}
