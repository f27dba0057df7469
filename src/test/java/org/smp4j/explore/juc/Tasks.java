package org.smp4j.explore.juc;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountedCompleter;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.Future;
import java.util.concurrent.RecursiveAction;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

/** More kinds of executors and of tasks. */
final class Tasks {
    private Tasks() {
    }

    /** Two tasks of an executor count. */
    private abstract static class Two extends Parts.Single {
        @Override
        final void body() throws Exception {
            try (ExecutorService pool = pool()) {
                pool.invokeAll(List.of(this::count, this::count));
            }
            Threads.require(count == 2, "count is " + count);
        }

        Object count() {
            return count++;
        }

        abstract ExecutorService pool();
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class Virtual extends Two {
        @Override
        ExecutorService pool() {
            return Executors.newVirtualThreadPerTaskExecutor();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class VirtualUnderALock extends Virtual {
        @Override
        synchronized Object count() {
            return super.count();
        }
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class ThreadPerTask extends Two {
        @Override
        ExecutorService pool() {
            return Executors.newThreadPerTaskExecutor(Thread::new);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class ThreadPerTaskUnderALock extends ThreadPerTask {
        @Override
        synchronized Object count() {
            return super.count();
        }
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class WorkStealing extends Two {
        @Override
        ExecutorService pool() {
            return Executors.newWorkStealingPool(2);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class WorkStealingUnderALock extends WorkStealing {
        @Override
        synchronized Object count() {
            return super.count();
        }
    }

    /** Takes the first result for that of the first task. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class AnyIsTheFirst extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            int first = pool.invokeAny(List.of(() -> 1, () -> 2));
            pool.shutdown();
            Threads.require(first == 1, "the second was first");
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class Any extends Parts.Single {
        @Override
        void body() throws Exception {
            ExecutorService pool = Executors.newFixedThreadPool(2);
            int first = pool.invokeAny(List.of(() -> 1, () -> 2));
            pool.shutdown();
            Threads.require(first == 1 || first == 2, "another result");
            Threads.require(pool.awaitTermination(1, TimeUnit.DAYS), "it is still there");
        }
    }

    private static final class Add extends RecursiveAction {
        private static final long serialVersionUID = 1;
        private final transient Parts.Single to;
        private final boolean locks;

        Add(Parts.Single to, boolean locks) {
            this.to = to;
            this.locks = locks;
        }

        @Override
        protected void compute() {
            if (locks) {
                synchronized (to) {
                    to.count++;
                }
            } else {
                to.count++;
            }
        }
    }

    private abstract static class Actions extends Parts.Single {
        private final boolean locks;

        Actions(boolean locks) {
            this.locks = locks;
        }

        @Override
        final void body() {
            ForkJoinPool pool = new ForkJoinPool(2);
            Future<?> one = pool.submit(new Add(this, locks));
            new Add(this, locks).invoke();
            Threads.require(pool.submit(() -> 1).join() == 1, "another result");
            try {
                one.get();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            Threads.require(count == 2, "count is " + count);
        }
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500)
    public static class Action extends Actions {
        public Action() {
            super(false);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class ActionUnderALock extends Actions {
        public ActionUnderALock() {
            super(true);
        }
    }

    /** Says how many parts are pending after it has forked one, or before. */
    private static final class Counted extends CountedCompleter<Void> {
        private static final long serialVersionUID = 1;
        private final AtomicInteger done;
        private final boolean late;
        private final int parts;

        Counted(CountedCompleter<?> parent, AtomicInteger done, boolean late, int parts) {
            super(parent);
            this.done = done;
            this.late = late;
            this.parts = parts;
        }

        @Override
        public void compute() {
            if (!late) {
                addToPendingCount(parts);
            }
            for (int i = 0; i < parts; i++) {
                new Counted(this, done, late, 0).fork();
            }
            if (late) {
                addToPendingCount(parts);
            }
            tryComplete();
        }

        @Override
        public void onCompletion(CountedCompleter<?> caller) {
            if (parts > 0) {
                Threads.require(done.get() == parts, "complete after " + done);
            } else {
                done.incrementAndGet();
            }
        }
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000)
    public static class CountsLate extends Parts.Single {
        @Override
        void body() {
            new ForkJoinPool(2).invoke(new Counted(null, new AtomicInteger(), true, 2));
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class CountsFirst extends Parts.Single {
        @Override
        void body() {
            new ForkJoinPool(2).invoke(new Counted(null, new AtomicInteger(), false, 2));
        }
    }

    /** The time may be over before the other thread completes it. */
    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 1000, saying = "TimeoutException")
    public static class OrTimeout extends Parts.Single {
        @Override
        void body() {
            CompletableFuture<Integer> future = new CompletableFuture<>();
            Threads.start("completes", () -> future.complete(1));
            future.orTimeout(1, TimeUnit.MILLISECONDS).join();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 200)
    public static class OrTimeoutHandled extends Parts.Single {
        @Override
        void body() {
            CompletableFuture<Integer> future = new CompletableFuture<>();
            Threads.start("completes", () -> future.complete(1));
            try {
                future.orTimeout(1, TimeUnit.MILLISECONDS).join();
            } catch (CompletionException e) {
                Threads.require(e.getCause() instanceof TimeoutException, e.toString());
            }
        }
    }
}
