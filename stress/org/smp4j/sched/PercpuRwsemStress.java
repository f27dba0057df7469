package org.smp4j.sched;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE_INTERESTING;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;
import org.smp4j.call.IrqWorks;
import org.smp4j.call.Smp;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.EmptySeat;
import org.smp4j.cpu.PlatformThreads;
import org.smp4j.cpu.Sitter;

/**
 * {@link PercpuRwsem}, under {@code cpus_read_lock} and {@code cpus_write_lock}: one reader, one writer, both ways
 * round.
 */
public class PercpuRwsemStress {
    private PercpuRwsemStress() {
    }

    /**
     * A writer on CPU 0, a reader on CPU 1, which sleeps before and after the reader's turn: only for that does the
     * writer's grace period wait.
     */
    public abstract static class ReaderAndWriter {
        final PlatformThreads threads = new PlatformThreads();
        final Cpus cpus = new Cpus(2);
        final Smp smp = new Smp(cpus);
        final Scheduler scheduler = new Scheduler(smp, new IrqWorks(smp), cpus, threads);
        final PercpuRwsem semaphore = new PercpuRwsem(scheduler);
        int a; // both are changed under the write lock only
        int b;

        ReaderAndWriter() {
            EmptySeat.leave(cpus.cpu(1));
        }

        void onCpu1(Runnable turn) {
            try (PlayedTask task = PlayedTask.sit(scheduler, 1)) {
                EmptySeat.take(cpus.cpu(1));
                turn.run();
                while (!EmptySeat.leave(cpus.cpu(1))) {
                    task.serve();
                }
            }
        }

        void write() {
            semaphore.downWrite();
            a = 1;
            b = 1;
            semaphore.upWrite();
        }

        void end() {
            PlayedTask.end(scheduler, threads);
        }
    }

    /** A reader that does not wait is in before the writer or after it, or is turned away. */
    @JCStressTest
    @Outcome(id = {"1, 0, 0", "1, 1, 1"}, expect = ACCEPTABLE,
            desc = "the reader was in before the writer, or after it")
    @Outcome(id = "0, 0, 0", expect = ACCEPTABLE, desc = "the reader was turned away")
    @Outcome(expect = FORBIDDEN, desc = "the reader was in together with the writer")
    @State
    public static class TrylockExcludesTheWriter extends ReaderAndWriter {
        @Actor
        public void writer() {
            try (Sitter _ = PlayedTask.sit(scheduler, 0)) {
                write();
            }
        }

        @Actor
        public void reader(III_Result r) {
            onCpu1(() -> {
                if (semaphore.downReadTrylock()) {
                    r.r1 = 1;
                    r.r2 = a;
                    r.r3 = b;
                    semaphore.upRead();
                }
            });
        }

        @Arbiter
        public void close(III_Result r) {
            end();
        }
    }

    /**
     * A reader that waits gets in, before the writer or after it; and the writer gets in too. A lost wake-up would hang
     * the test.
     */
    @JCStressTest
    @Outcome(id = {"0, 0", "1, 1"}, expect = ACCEPTABLE, desc = "the reader was in before the writer, or after it")
    @Outcome(expect = FORBIDDEN, desc = "the reader was in together with the writer")
    @State
    public static class ReaderAndWriterTakeTurns extends ReaderAndWriter {
        @Actor
        public void writer() {
            try (Sitter _ = PlayedTask.sit(scheduler, 0)) {
                write();
            }
        }

        @Actor
        public void reader(II_Result r) {
            onCpu1(() -> {
                semaphore.downRead();
                r.r1 = a;
                r.r2 = b;
                semaphore.upRead();
            });
        }

        @Arbiter
        public void close(II_Result r) {
            end();
        }
    }

    /**
     * A reader may leave on another CPU than it came on: the writer waits for the sum. A lost wake-up would hang the
     * test.
     */
    @JCStressTest
    @Outcome(id = "1, 1", expect = ACCEPTABLE, desc = "the writer got in once the reader had left")
    @Outcome(expect = FORBIDDEN, desc = "the writer got in while the reader was there")
    @State
    public static class ReaderLeavesOnAnotherCpu extends ReaderAndWriter {
        volatile int left;

        public ReaderLeavesOnAnotherCpu() {
            try (Sitter _ = PlayedTask.sit(scheduler, 0)) {
                semaphore.downRead();
            }
        }

        @Actor
        public void writer(II_Result r) {
            try (Sitter _ = PlayedTask.sit(scheduler, 0)) {
                semaphore.downWrite();
                r.r1 = left;
                semaphore.upWrite();
            }
        }

        @Actor
        public void reader() {
            onCpu1(() -> {
                left = 1;
                semaphore.upRead();
            });
        }

        @Arbiter
        public void close(II_Result r) {
            r.r2 = semaphore.isWriteLocked() ? 0 : 1;
            end();
        }
    }

    /**
     * Weakened twin of {@link TrylockExcludesTheWriter}: count and block are written and read without a fence between.
     */
    @JCStressTest
    @Outcome(id = {"0, 0", "0, 1", "1, 0"}, expect = ACCEPTABLE, desc = "one of them at most is in")
    @Outcome(id = "1, 1", expect = ACCEPTABLE_INTERESTING, desc = "reader and writer are in together")
    @State
    public static class CountAndBlockWithoutAFence {
        private static final VarHandle COUNT = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "count", VarHandle.class, CountAndBlockWithoutAFence.class, int.class);
        private static final VarHandle BLOCK = ConstantBootstraps.fieldVarHandle(
            MethodHandles.lookup(), "block", VarHandle.class, CountAndBlockWithoutAFence.class, int.class);
        int count;
        int block;

        @Actor
        public void reader(II_Result r) {
            COUNT.setOpaque(this, 1);
            r.r1 = (int) BLOCK.getOpaque(this) == 0 ? 1 : 0;
        }

        @Actor
        public void writer(II_Result r) {
            BLOCK.setOpaque(this, 1);
            r.r2 = (int) COUNT.getOpaque(this) == 0 ? 1 : 0;
        }
    }
}
