package org.smp4j.explore.hooks;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.smp4j.explore.detect.Assumptions;
import org.smp4j.explore.engine.Execution;
import org.smp4j.explore.engine.LiveStrand;
import org.smp4j.explore.environment.ConstantHashes;
import org.smp4j.explore.model.Access;
import org.smp4j.explore.model.Sites;

/** The part of {@link Hooks} that replaces JDK calls on threads, locks, parking, time and thread locals. */
public abstract sealed class ThreadHooks permits MapHooks {
    private static final int NAME = Sites.field("java.lang.Thread.name");

    ThreadHooks() {
    }

    /** Replaces monitorenter, and stands at the start of what was a synchronized method. */
    public static void monitorEnter(Object monitor, int site) {
        lockOf(monitor, site);
    }

    /** Replaces monitorexit, and stands at every end of what was a synchronized method. */
    public static void monitorExit(Object monitor, int site) {
        unlockOf(monitor, site);
    }

    /** Replaces {@code Object.wait()}. */
    public static void await(Object monitor, int site) throws InterruptedException {
        await(monitor, 0, site);
    }

    /** Replaces {@code Object.wait(long)}. */
    public static void await(Object monitor, long millis, int site) throws InterruptedException {
        LiveStrand strand = strand("wait");
        if (!strand.execution.blocking.await(strand, site, Objects.requireNonNull(monitor), nanos(millis))) {
            throwIfInterrupted(strand);
        }
    }

    /** Replaces {@code Object.notify()}. */
    public static void signal(Object monitor, int site) {
        LiveStrand strand = strand("notify");
        strand.execution.blocking.signal(strand, site, Objects.requireNonNull(monitor), false);
    }

    /** Replaces {@code Object.notifyAll()}. */
    public static void signalAll(Object monitor, int site) {
        LiveStrand strand = strand("notifyAll");
        strand.execution.blocking.signal(strand, site, Objects.requireNonNull(monitor), true);
    }

    /** Replaces {@code ReentrantLock.lock()}. */
    public static void lock(ReentrantLock lock, int site) {
        lockOf(lock, site);
    }

    /** Replaces {@code ReentrantLock.tryLock()}. */
    public static boolean tryLock(ReentrantLock lock, int site) {
        LiveStrand strand = strand("tryLock");
        return strand.execution.blocking.tryLock(strand, site, lock);
    }

    /** Replaces {@code ReentrantLock.unlock()}. */
    public static void unlock(ReentrantLock lock, int site) {
        unlockOf(lock, site);
    }

    /** Replaces {@code ReentrantLock.isHeldByCurrentThread()}. */
    public static boolean isHeldByCurrentThread(ReentrantLock lock, int site) {
        LiveStrand strand = strand("isHeldByCurrentThread");
        return strand.execution.blocking.holds(strand, lock);
    }

    /** Replaces {@code Thread.currentThread()}. */
    public static Thread currentThread() {
        LiveStrand strand = Execution.running;
        return strand == null ? Thread.currentThread() : strand.thread;
    }

    /** Replaces {@code Thread.start()}. */
    public static void start(Thread thread, int site) {
        LiveStrand strand = strand("start");
        strand.execution.plainSteps.start(strand, site, Objects.requireNonNull(thread));
    }

    /** Replaces {@code Thread.join()}. */
    public static void join(Thread thread, int site) throws InterruptedException {
        join(thread, Long.MAX_VALUE, site);
    }

    /** Replaces {@code Thread.join(long)}. */
    public static void join(Thread thread, long millis, int site) throws InterruptedException {
        LiveStrand strand = strand("join");
        if (!strand.execution.blocking.join(strand, site, Objects.requireNonNull(thread), nanos(millis))) {
            throwIfInterrupted(strand);
        }
    }

    /** Replaces {@code Thread.isAlive()}. */
    public static boolean isAlive(Thread thread, int site) {
        LiveStrand strand = strand("isAlive");
        return strand.execution.blocking.isAlive(strand, site, Objects.requireNonNull(thread));
    }

    /** Replaces {@code Thread.interrupt()}. */
    public static void interrupt(Thread thread, int site) {
        LiveStrand strand = strand("interrupt");
        strand.execution.blocking.interrupt(strand, site, Objects.requireNonNull(thread));
    }

    /** Replaces {@code Thread.isInterrupted()}. */
    public static boolean isInterrupted(Thread thread, int site) {
        LiveStrand strand = strand("isInterrupted");
        return strand.execution.blocking.isInterrupted(strand, site, Objects.requireNonNull(thread));
    }

    /** Replaces {@code Thread.interrupted()}. */
    public static boolean interrupted(int site) {
        LiveStrand strand = strand("interrupted");
        return strand.execution.blocking.interrupted(strand, site);
    }

    /** Replaces {@code Thread.setDaemon}. */
    public static void setDaemon(Thread thread, boolean on) {
        LiveStrand strand = Execution.running;
        LiveStrand started = strand == null ? null : strand.execution.find(thread);
        if (started != null && !started.finished) {
            throw new IllegalThreadStateException();
        }
        thread.setDaemon(on);
        if (strand != null) {
            strand.execution.hold.happened();
            strand.execution.environment.setDaemon(thread, on);
        }
    }

    /**
     * Replaces {@code Thread.isDaemon()}: a thread is a daemon if {@code setDaemon} said so, or else if its creator is
     * one. The thread on which the explorer runs does not matter.
     */
    public static boolean isDaemon(Thread thread) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return thread.isDaemon();
        }
        strand.execution.hold.happened();
        return strand.execution.environment.isDaemon(thread, strand);
    }

    /** Replaces {@code Thread.setName(String)}. */
    public static void setName(Thread thread, String name, int site) {
        named(thread, site, Access.WRITE | Access.RELEASE | Access.VOLATILE);
        thread.setName(name);
    }

    /** Before a use of a thread's name. */
    static void named(Thread thread, int site, int mode) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.execution.count > 1) {
            Hooks.step(strand, thread, NAME, site, mode);
        }
    }

    /** Replaces {@code Thread.getName()}: the exploration numbers the threads that the JDK would number. */
    public static String getName(Thread thread, int site) {
        named(thread, site, Access.READ | Access.ACQUIRE | Access.VOLATILE);
        LiveStrand strand = Execution.running;
        LiveStrand named = strand == null ? null : strand.execution.find(thread);
        String given = thread.getName(); // it may have another name than when its strand was named
        return named != null && LiveStrand.NUMBERED.matcher(given).matches() ? "Thread-" + named.number : given;
    }

    /** Replaces {@code Thread.threadId()} and {@code getId()}. */
    public static long threadId(Thread thread) {
        LiveStrand strand = Execution.running;
        LiveStrand numbered = strand == null ? null : strand.execution.find(thread);
        return numbered == null ? thread.threadId() : numbered.number + 1;
    }

    /** Replaces {@code Thread.getState()}. */
    public static Thread.State getState(Thread thread, int site) {
        LiveStrand strand = strand("getState");
        LiveStrand target = strand.execution.blocking.stateOf(strand, site, thread);
        if (target == null) {
            return strand.execution.environment.isRetired(thread) ? Thread.State.TERMINATED : Thread.State.NEW;
        }
        if (target.finished) {
            return Thread.State.TERMINATED;
        }
        return switch (target.wait) {
            case LOCK, KEY -> Thread.State.BLOCKED;
            case PARK, SIGNAL, JOIN, SLEEP -> target.deadline == Long.MAX_VALUE
                    ? Thread.State.WAITING : Thread.State.TIMED_WAITING;
            case NOTHING, SPIN, QUIESCENCE -> Thread.State.RUNNABLE;
        };
    }

    /** Replaces {@code Thread.sleep} in all its forms; the nanoseconds are negative if the call does nothing. */
    public static void sleep(long nanos, int site) throws InterruptedException {
        if (nanos < 0) {
            return;
        }
        LiveStrand strand = strand("sleep");
        strand.execution.blocking.sleep(strand, site, nanos);
        throwIfInterrupted(strand);
    }

    /** Replaces {@code Thread.yield()}, and {@code Thread.onSpinWait()} outside of loops. */
    public static void yield(int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.isHeard()) {
            strand.execution.plainSteps.yield(strand, site);
        }
    }

    /** Replaces {@code Thread.onSpinWait()} in loops. */
    public static void onSpinWait(int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.isHeard()) {
            strand.execution.plainSteps.spin(strand, site);
        }
    }

    /** Replaces {@code LockSupport.park} with and without a blocker. */
    public static void park(int site) {
        parkNanos(Long.MAX_VALUE, site);
    }

    /** Replaces {@code LockSupport.parkNanos} with and without a blocker. */
    public static void parkNanos(long nanos, int site) {
        if (nanos > 0) { // else the JDK does nothing: it leaves even the permit
            parkUpTo(nanos, site);
        }
    }

    /** Parks as the JDK's internal method does, which takes a permit also if there is no time to wait. */
    static void parkUpTo(long nanos, int site) {
        LiveStrand strand = strand("park");
        if (strand.quiet == 0) {
            strand.execution.blocking.park(strand, site, nanos);
        }
    }

    /** Replaces {@code LockSupport.unpark}. */
    public static void unpark(Thread thread, int site) {
        LiveStrand strand = Execution.running;
        if (strand == null || thread == null) {
            return;
        }
        if (strand.quiet == 0) {
            strand.execution.blocking.unpark(strand, site, thread);
            return;
        }
        LiveStrand target = strand.execution.find(thread);
        if (target != null) {
            target.permit = true;
        }
    }

    /** Replaces {@code System.nanoTime()}. */
    public static long nanoTime(int site) {
        LiveStrand strand = Execution.running;
        return strand == null ? System.nanoTime() : strand.execution.time.look(strand);
    }

    /** Replaces {@code System.currentTimeMillis()}. */
    public static long currentTimeMillis(int site) {
        LiveStrand strand = Execution.running;
        return strand == null ? System.currentTimeMillis() : strand.execution.time.lookInMillis(strand);
    }

    /** Replaces {@code Runtime.availableProcessors()}. */
    public static int availableProcessors(Runtime runtime) {
        return 1; // one strand runs at a time
    }

    /** Replaces {@code ClassLoader.getSystemClassLoader()} in the JDK's code: the program has a loader of its own. */
    public static ClassLoader programsLoader() {
        return Thread.currentThread().getContextClassLoader();
    }

    /** Replaces {@code Runtime.availableProcessors()} where the JDK makes pools: their threads shall race. */
    public static int processorsOfPools(Runtime runtime) {
        return 4;
    }

    /** Replaces {@code System.identityHashCode}, and {@code Object.hashCode} where it is not overridden. */
    public static int identityHashCode(Object object) {
        LiveStrand strand = Execution.running;
        if (strand == null || object == null) {
            return System.identityHashCode(object);
        }
        if (ConstantHashes.isConstant(object)) {
            return ConstantHashes.of(object);
        }
        strand.execution.hold.happened(); // its hash code depends on how many came before
        strand.execution.assumptions.add(Assumptions.Rule.HASH);
        return strand.execution.environment.identityHash(object);
    }

    /** Replaces {@code ThreadLocal.get()}. */
    public static Object get(ThreadLocal<?> local) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            return local.get();
        }
        if (!strand.hasLocal(local)) {
            Object initial = local.get(); // computed on the exploring thread, which must not keep it
            local.remove();
            strand.local(local, initial);
        }
        return strand.local(local);
    }

    /** Replaces {@code ThreadLocal.set}. */
    public static void set(ThreadLocal<?> local, Object value) {
        LiveStrand strand = Execution.running;
        if (strand != null) {
            strand.local(local, value);
        }
    }

    /** Replaces {@code ThreadLocal.remove()}. */
    public static void remove(ThreadLocal<?> local) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.locals != null) {
            strand.locals.remove(local);
        }
    }

    /** After the constructor of {@code Thread}. */
    public static void made(Thread thread) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.locals != null) {
            strand.execution.environment.inherited.made(strand.locals, thread);
        }
    }

    private static void lockOf(Object lock, int site) {
        if (lock == null) {
            throw new NullPointerException();
        }
        LiveStrand strand = Execution.running;
        if (strand != null && (strand.quiet == 0 || !strand.execution.initialized.passes(strand, site, lock))
                && strand.isHeard()) {
            strand.execution.blocking.lock(strand, site, lock);
        }
    }

    /**
     * A strand that leaves an abandoned run must get past its monitor exits without an exception: the handler of a
     * synchronized block also covers its own monitorexit, and would loop.
     */
    private static void unlockOf(Object lock, int site) {
        LiveStrand strand = Execution.running;
        if (strand != null && strand.quiet == 0 && !strand.execution.strandTable.unwinding) {
            strand.execution.blocking.unlock(strand, site, lock);
        }
    }

    static LiveStrand strand(String operation) {
        LiveStrand strand = Execution.running;
        if (strand == null) {
            throw new IllegalStateException(operation
                    + " was called outside of an exploration, by a class that was loaded for one");
        }
        strand.execution.hold.happened();
        strand.isHeard();
        return strand;
    }

    /** The nanoseconds of a wait; 0 means without a timeout. */
    private static long nanos(long millis) {
        return millis == 0 ? Long.MAX_VALUE : TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private static void throwIfInterrupted(LiveStrand strand) throws InterruptedException {
        if (strand.interrupted) {
            strand.execution.blocking.seesInterrupt(strand, strand.thread);
            strand.interrupted = false;
            throw new InterruptedException();
        }
    }
}
