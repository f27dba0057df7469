package org.smp4j.explore.hooks;

import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.BaseStream;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Failure;
import org.smp4j.explore.model.Sites;

/**
 * In place of JDK calls on builders of threads, thread groups, scoped values and the JVM's end, of waits up to a time,
 * and of those that make a stream parallel. The JDK's own builders make the threads: only what runs a thread is the
 * explorer's.
 */
public final class LifeHooks {
    /** The scoped values that a strand has bound, the last ones first. */
    private record Bindings(ScopedValue.Carrier carrier, Bindings outer) {
    }

    // Each strand's bindings. Written and read by: the strand itself. Ordering: none needed.
    private static final ThreadLocal<Bindings> BOUND = new ThreadLocal<>();

    private LifeHooks() {
    }

    /** Replaces {@code ScopedValue.Carrier.run}. */
    public static void run(ScopedValue.Carrier carrier, Runnable operation) {
        Objects.requireNonNull(operation);
        call(carrier, () -> {
            operation.run();
            return null;
        });
    }

    /** Replaces {@code ScopedValue.Carrier.call}. */
    public static <R, X extends Throwable> R call(ScopedValue.Carrier carrier,
            ScopedValue.CallableOp<? extends R, X> operation) throws X {
        Objects.requireNonNull(operation);
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return carrier.call(operation);
        }
        Bindings outer = (Bindings) strand.local(BOUND);
        strand.local(BOUND, new Bindings(carrier, outer));
        try {
            return operation.call();
        } finally {
            strand.local(BOUND, outer);
        }
    }

    /** Replaces {@code ScopedValue.get}. */
    public static Object get(ScopedValue<?> value) {
        return orElseThrow(value, () -> new NoSuchElementException("ScopedValue not bound"));
    }

    /** Replaces {@code ScopedValue.isBound}. */
    public static boolean isBound(ScopedValue<?> value) {
        Object unbound = new Object();
        return orElse(value, unbound) != unbound;
    }

    /** Replaces {@code ScopedValue.orElseThrow}. */
    public static <X extends Throwable> Object orElseThrow(ScopedValue<?> value, Supplier<? extends X> thrown)
            throws X {
        Objects.requireNonNull(thrown);
        Object unbound = new Object();
        Object found = orElse(value, unbound);
        if (found == unbound) {
            throw thrown.get();
        }
        return found;
    }

    /** Replaces {@code ScopedValue.orElse}, or gives a mark in place of no value. */
    @SuppressWarnings("unchecked")
    public static Object orElse(ScopedValue<?> value, Object other) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return ((ScopedValue<Object>) value).orElse(other);
        }
        for (Bindings at = (Bindings) strand.local(BOUND); at != null; at = at.outer) {
            try {
                return at.carrier.get(value);
            } catch (NoSuchElementException e) {
                continue; // bound further out, or not at all
            }
        }
        return other;
    }

    /** Replaces {@code Thread.Builder.unstarted}. */
    public static Thread unstarted(Thread.Builder builder, Runnable task) {
        LiveStrand strand = Execution.running;
        return adopt(builder.unstarted(task), task,
                strand == null ? null : strand.execution.environment.makesDaemons(builder));
    }

    /** Replaces {@code Thread.Builder.start}. */
    public static Thread startBuilt(Thread.Builder builder, Runnable task, int site) {
        Thread thread = unstarted(builder, task);
        Hooks.start(thread, site);
        return thread;
    }

    /** Replaces {@code Thread.Builder.factory()}. */
    public static ThreadFactory factory(Thread.Builder builder) {
        LiveStrand strand = Execution.running;
        Boolean daemons = strand == null ? null : strand.execution.environment.makesDaemons(builder);
        ThreadFactory made = builder.factory();
        return task -> adopt(made.newThread(task), task, daemons);
    }

    /** Replaces {@code Thread.startVirtualThread}. */
    public static Thread startVirtualThread(Runnable task, int site) {
        return startBuilt(Thread.ofVirtual(), task, site);
    }

    /** Replaces {@code Thread.Builder.OfPlatform.daemon()}. */
    public static Thread.Builder.OfPlatform daemon(Thread.Builder.OfPlatform builder) {
        return daemon(builder, true);
    }

    /** Replaces {@code Thread.Builder.OfPlatform.daemon(boolean)}. */
    public static Thread.Builder.OfPlatform daemon(Thread.Builder.OfPlatform builder, boolean on) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.environment.makesDaemons(builder, on);
        }
        return builder.daemon(on);
    }

    private static Thread adopt(Thread thread, Runnable task, Boolean daemon) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.environment.built(thread, task, daemon);
            Hooks.made(thread);
        }
        return thread;
    }

    /** Replaces {@code Thread.holdsLock}. */
    public static boolean holdsLock(Object monitor) {
        LiveStrand strand = Execution.running;
        Objects.requireNonNull(monitor);
        return strand == null ? Thread.holdsLock(monitor) : strand.execution.blocking.holds(strand, monitor);
    }

    /** Replaces {@code Thread.activeCount()}. */
    public static int activeCount(int site) {
        return activeCount(Hooks.currentThread().getThreadGroup(), site);
    }

    /** Replaces {@code ThreadGroup.activeCount()}: virtual threads do not count, nor do threads of the JVM. */
    public static int activeCount(ThreadGroup group, int site) {
        LiveStrand strand = Execution.running;
        return strand == null ? group.activeCount() : strand.execution.strandTable.activeCount(strand, site, group);
    }

    /**
     * Replaces {@code System.exit}. A program that ends with a status other than 0 has found that something is wrong;
     * with 0 it ends in the middle of what its other threads do, which is refused.
     */
    public static void exit(int status, int site) {
        LiveStrand strand = ThreadHooks.strand("exit");
        if (status == 0) {
            strand.execution.refusal.of(strand, Sites.get(site).target() + "(0)", site);
        }
        strand.execution.end(strand, new Failure("exit", strand.name() + " ends the program with status " + status
                + " at " + Sites.get(site).place(), List.of(), null));
    }

    /** Replaces {@code Runtime.exit} and {@code Runtime.halt}. */
    public static void exit(Runtime runtime, int status, int site) {
        Objects.requireNonNull(runtime);
        exit(status, site);
    }

    /** Replaces {@code Runtime.addShutdownHook}. */
    public static void addShutdownHook(Runtime runtime, Thread hook, int site) {
        LiveStrand strand = ThreadHooks.strand("addShutdownHook");
        if (!strand.execution.strandTable.shutdownHooks(strand, site).add(hook)) {
            throw new IllegalArgumentException("Hook previously registered");
        }
        if (strand.execution.find(hook) != null) {
            throw new IllegalArgumentException("Hook already running");
        }
    }

    /** Replaces {@code Runtime.removeShutdownHook}. */
    public static boolean removeShutdownHook(Runtime runtime, Thread hook, int site) {
        LiveStrand strand = ThreadHooks.strand("removeShutdownHook");
        return strand.execution.strandTable.shutdownHooks(strand, site).remove(Objects.requireNonNull(hook));
    }

    /** Replaces {@code Stream.parallel()}. */
    public static <T, S extends BaseStream<T, S>> BaseStream<T, S> parallel(BaseStream<T, S> stream) {
        staysSequential();
        return stream;
    }

    /** Replaces {@code IntStream.parallel()}. */
    public static IntStream parallel(IntStream stream) {
        staysSequential();
        return stream;
    }

    /** Replaces {@code LongStream.parallel()}. */
    public static LongStream parallel(LongStream stream) {
        staysSequential();
        return stream;
    }

    /** Replaces {@code DoubleStream.parallel()}. */
    public static DoubleStream parallel(DoubleStream stream) {
        staysSequential();
        return stream;
    }

    /** Replaces {@code Thread.setDefaultUncaughtExceptionHandler}. */
    public static void setDefaultUncaughtExceptionHandler(Thread.UncaughtExceptionHandler handler, int site) {
        handlers(site, Access.WRITE | Access.RELEASE);
        Execution.running.execution.environment.defaultHandler = handler;
    }

    /** Replaces {@code Thread.getDefaultUncaughtExceptionHandler}. */
    public static Thread.UncaughtExceptionHandler getDefaultUncaughtExceptionHandler(int site) {
        handlers(site, Access.READ | Access.ACQUIRE);
        return Execution.running.execution.environment.defaultHandler;
    }

    /** Replaces {@code Thread.setUncaughtExceptionHandler}. */
    public static void setUncaughtExceptionHandler(Thread thread, Thread.UncaughtExceptionHandler handler, int site) {
        handlers(site, Access.WRITE | Access.RELEASE);
        thread.setUncaughtExceptionHandler(handler);
    }

    /** Replaces {@code Thread.getUncaughtExceptionHandler}. */
    public static Thread.UncaughtExceptionHandler getUncaughtExceptionHandler(Thread thread, int site) {
        handlers(site, Access.READ | Access.ACQUIRE);
        return thread.getUncaughtExceptionHandler();
    }

    private static void handlers(int site, int mode) {
        LiveStrand strand = ThreadHooks.strand("an uncaught-exception handler");
        strand.execution.strandTable.handlers(strand, site, mode);
    }

    static void staysSequential() {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.execution.assumptions.add(Assumptions.Rule.SEQUENTIAL);
        }
    }

    /** Replaces {@code LockSupport.parkUntil} with and without a blocker. */
    public static void parkUntil(long millis, int site) {
        Hooks.parkUpTo(TimeUnit.MILLISECONDS.toNanos(millis - Hooks.currentTimeMillis(site)), site);
    }

    /** Replaces {@code park} of {@code sun.misc.Unsafe}; the time is one of day in milliseconds, or nanoseconds. */
    public static void park(Object unsafe, boolean isAbsolute, long time, int site) {
        if (isAbsolute) {
            parkUntil(time, site);
        } else if (time == 0) {
            Hooks.park(site);
        } else {
            Hooks.parkUpTo(time, site);
        }
    }

    /** Replaces {@code TimeUnit.timedWait}. */
    public static void timedWait(TimeUnit unit, Object monitor, long timeout, int site) throws InterruptedException {
        if (timeout > 0) {
            Hooks.await(monitor, millisOf(unit, timeout), site);
        }
    }

    /** Replaces {@code TimeUnit.timedJoin}. */
    public static void timedJoin(TimeUnit unit, Thread thread, long timeout, int site) throws InterruptedException {
        if (timeout > 0) {
            Hooks.join(thread, millisOf(unit, timeout), site);
        }
    }

    /** {@return the milliseconds of a wait, rounded up, as 0 would be without a timeout} */
    private static long millisOf(TimeUnit unit, long timeout) {
        return Math.max(1, unit.toMillis(timeout));
    }
}
