package org.smp4j.testing;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.smp4j.cpu.Cpu;
import org.smp4j.cpu.Cpus;
import org.smp4j.cpu.PendingWord;
import org.smp4j.cpu.Sitter;
import org.smp4j.lib.Aborted;
import org.smp4j.lib.Waiter;

/**
 * Threads that play CPUs: they start together, each on its seat, and one that is done goes on taking interrupts until
 * all are. A failure of one ends all. After the deadline the stacks of all threads are the failure.
 */
public final class Players {
    private static final long DEADLINE_SECONDS = Long.getLong("smp4j.test.deadline", 90);
    private static final long GRACE_SECONDS = 10;
    private static final ScheduledThreadPoolExecutor WATCHDOG = new ScheduledThreadPoolExecutor(1, body -> {
        Thread thread = new Thread(body, "watchdog");
        thread.setDaemon(true);
        return thread;
    });

    static {
        WATCHDOG.setRemoveOnCancelPolicy(true);
    }

    /** What a player does. */
    @FunctionalInterface
    public interface Play {
        /**
         * Plays.
         *
         * @param cpu the seat
         * @throws Exception a failure
         */
        void on(Cpu cpu) throws Exception;
    }

    private final Cpus cpus;
    private final List<Thread> threads = new ArrayList<>();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final AtomicInteger seated = new AtomicInteger();
    private final AtomicInteger playing = new AtomicInteger();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicInteger running = new AtomicInteger();

    /**
     * A game without players.
     *
     * @param cpus the machine
     */
    public Players(Cpus cpus) {
        this.cpus = cpus;
    }

    /**
     * Adds a player.
     *
     * @param id the CPU on which it sits
     * @param play what it does there
     * @return this
     */
    public Players cpu(int id, Play play) {
        playing.incrementAndGet();
        Thread thread = new Thread(() -> body(cpus.cpu(id), play), "player/" + id);
        thread.setDaemon(true);
        threads.add(thread);
        return this;
    }

    /**
     * Adds players that only take interrupts.
     *
     * @param ids their CPUs
     * @return this
     */
    public Players serving(int... ids) {
        for (int id : ids) {
            cpu(id, cpu -> { });
        }
        return this;
    }

    /** Runs the game to its end. */
    public void run() throws InterruptedException {
        running.set(threads.size());
        threads.forEach(Thread::start);
        if (!ended.await(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
            failures.add(new AssertionError("not done after " + DEADLINE_SECONDS + " s\n" + dump()));
            cpus.lifetime.close();
            ended.await(GRACE_SECONDS, TimeUnit.SECONDS);
        }
        if (!failures.isEmpty()) {
            AssertionError all = new AssertionError(failures.peek().getMessage());
            failures.forEach(all::addSuppressed);
            throw all;
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void body(Cpu cpu, Play play) {
        try (Sitter _ = cpu.sit()) {
            try {
                seated.incrementAndGet();
                // a player that began first may have sent an interrupt, which the play must take
                untilWithoutPoll(() -> seated.get() == threads.size());
                play.on(cpu);
            } finally {
                playing.decrementAndGet();
            }
            until(() -> playing.get() == 0);
            // what was sent before the last one was done, which may come late
            until(() -> (cpu.pendingBits() & PendingWord.INTERRUPTS) == 0);
        } catch (Aborted e) {
            if (failures.isEmpty()) {
                failures.add(e);
            }
        } catch (Throwable e) {
            failures.add(e);
            cpus.lifetime.close();
        } finally {
            if (running.decrementAndGet() == 0) {
                ended.countDown();
            }
        }
    }

    /**
     * Waits on the caller's CPU, taking interrupts if IRQs are on. The game's deadline bounds it.
     *
     * @param condition what is waited for
     */
    public static void until(BooleanSupplier condition) {
        Waiter self = Waiter.current();
        for (int turn = 0; !condition.getAsBoolean(); turn++) {
            self.relax(turn);
        }
    }

    /**
     * Waits on the caller's CPU without taking interrupts, as code does that reaches no poll point. The game's deadline
     * bounds it.
     *
     * @param condition what is waited for
     */
    public static void untilWithoutPoll(BooleanSupplier condition) {
        Cpu cpu = Cpu.current();
        while (!condition.getAsBoolean()) {
            cpu.cpus.lifetime.check();
            Thread.yield();
        }
    }

    /**
     * Lets the calling thread play a CPU for a moment, as one of several that it plays in turn.
     *
     * @param cpu the CPU
     * @param play what it does there
     */
    public static void at(Cpu cpu, Runnable play) {
        AtomicReference<String> dump = new AtomicReference<>();
        Future<?> watchdog = WATCHDOG.schedule(() -> {
            dump.set(dump());
            cpu.cpus.lifetime.close();
        }, DEADLINE_SECONDS, TimeUnit.SECONDS);
        try (Sitter _ = cpu.sit()) {
            play.run();
        } catch (Aborted e) {
            if (dump.get() != null) {
                throw new AssertionError("not done after " + DEADLINE_SECONDS + " s\n" + dump.get(), e);
            }
            throw e;
        } finally {
            watchdog.cancel(false);
        }
    }

    private static String dump() {
        StringBuilder text = new StringBuilder();
        for (ThreadInfo info : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
            text.append('"').append(info.getThreadName()).append("\" ").append(info.getThreadState()).append('\n');
            for (StackTraceElement frame : info.getStackTrace()) {
                text.append("    at ").append(frame).append('\n');
            }
        }
        return text.toString();
    }
}
