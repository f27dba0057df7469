package org.smp4j.explore;

import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What rewritten code calls: before every access to something that strands may share, and in place of what the explorer models. Outside an exploration, and
 * inside {@link #enterQuiet}, nothing happens but the modelled operation itself. Null objects and bad indexes are let through: the operation throws by itself.
 */
public final class Hooks {
    private Hooks() {
    }

    /** Before a getfield or putfield. */
    public static void field(Object object, int site) {
    }

    /** Before a getstatic or putstatic of a field that is not final. */
    public static void staticField(int site) {
    }

    /** Before an array element is loaded or stored. */
    public static void element(Object array, int index, int site) {
    }

    /** Before an access by a handle of an instance field. */
    public static void handle(VarHandle handle, Object object, int site) {
    }

    /** Before an access by a handle of a static field. */
    public static void staticHandle(VarHandle handle, int site) {
    }

    /** Before an access by a handle of array elements. */
    public static void elementHandle(VarHandle handle, Object array, int index, int site) {
    }

    /** Before an operation of {@code AtomicInteger} and the like. */
    public static void atomic(Object atomic, int site) {
    }

    /** Before an operation of {@code AtomicIntegerArray} and the like. */
    public static void atomicElement(Object atomic, int index, int site) {
    }

    /** After an access whose site is {@link Access#CONDITIONAL}: whether it wrote. */
    public static void exchanged(boolean success) {
    }

    /** A fence. */
    public static void fence(int site) {
    }

    /** Before a call on an object of the JDK that is a single step for the explorer (a collection); whether it writes, and how it is ordered, is in the mode. */
    public static void object(Object object, int site) {
    }

    /** After {@link #object}: the call made a view or an iterator, and what is done to that is done to its object. An entry is a view of its iterator. */
    public static void view(Object view, Object of) {
    }

    /** After an access, in classes loaded for a report: the value that was read or written, boxed. */
    public static void value(Object value) {
    }

    /** From here no access of the running strand counts, until {@link #exitQuiet}; nests. Around static initializers and calls of the JDK that lock. */
    public static void enterQuiet() {
    }

    /** Ends {@link #enterQuiet}. */
    public static void exitQuiet() {
    }

    /** What cannot be controlled: ends the exploration with an error that names the site. */
    public static void refuse(int site) {
    }

    /** Replaces monitorenter, and stands at the start of what was a synchronized method. */
    public static void monitorEnter(Object monitor, int site) {
    }

    /** Replaces monitorexit, and stands at every end of what was a synchronized method. */
    public static void monitorExit(Object monitor, int site) {
    }

    /** Replaces {@code Object.wait()}. */
    public static void await(Object monitor, int site) throws InterruptedException {
    }

    /** Replaces {@code Object.wait(long)}. */
    public static void await(Object monitor, long millis, int site) throws InterruptedException {
    }

    /** Replaces {@code Object.notify()}. */
    public static void signal(Object monitor, int site) {
    }

    /** Replaces {@code Object.notifyAll()}. */
    public static void signalAll(Object monitor, int site) {
    }

    /** Replaces {@code ReentrantLock.lock()}. */
    public static void lock(ReentrantLock lock, int site) {
    }

    /** Replaces {@code ReentrantLock.tryLock()}. */
    public static boolean tryLock(ReentrantLock lock, int site) {
        return false;
    }

    /** Replaces {@code ReentrantLock.unlock()}. */
    public static void unlock(ReentrantLock lock, int site) {
    }

    /** Replaces {@code ReentrantLock.isHeldByCurrentThread()}. */
    public static boolean isHeldByCurrentThread(ReentrantLock lock, int site) {
        return false;
    }

    /** Replaces {@code Thread.currentThread()}. */
    public static Thread currentThread() {
        return null;
    }

    /** Replaces {@code Thread.start()}. */
    public static void start(Thread thread, int site) {
    }

    /** Replaces {@code Thread.join()}. */
    public static void join(Thread thread, int site) throws InterruptedException {
    }

    /** Replaces {@code Thread.join(long)}. */
    public static void join(Thread thread, long millis, int site) throws InterruptedException {
    }

    /** Replaces {@code Thread.isAlive()}. */
    public static boolean isAlive(Thread thread, int site) {
        return false;
    }

    /** Replaces {@code Thread.interrupt()}. */
    public static void interrupt(Thread thread, int site) {
    }

    /** Replaces {@code Thread.isInterrupted()}. */
    public static boolean isInterrupted(Thread thread, int site) {
        return false;
    }

    /** Replaces {@code Thread.interrupted()}. */
    public static boolean interrupted(int site) {
        return false;
    }

    /** Replaces {@code Thread.getName()}: names that the JDK numbered are numbered by the exploration. */
    public static String getName(Thread thread) {
        return null;
    }

    /** Replaces {@code Thread.threadId()} and {@code getId()}. */
    public static long threadId(Thread thread) {
        return 0;
    }

    /** Replaces {@code Thread.getState()}. */
    public static Thread.State getState(Thread thread, int site) {
        return null;
    }

    /** Replaces {@code Thread.sleep} in all its forms; the duration in nanoseconds. */
    public static void sleep(long nanos, int site) throws InterruptedException {
    }

    /** Replaces {@code Thread.yield()}. */
    public static void yield(int site) {
    }

    /** Replaces {@code Thread.onSpinWait()}. */
    public static void onSpinWait(int site) {
    }

    /** Replaces {@code LockSupport.park} with and without a blocker. */
    public static void park(int site) {
    }

    /** Replaces {@code LockSupport.parkNanos} with and without a blocker. */
    public static void parkNanos(long nanos, int site) {
    }

    /** Replaces {@code LockSupport.unpark}. */
    public static void unpark(Thread thread, int site) {
    }

    /** Replaces {@code System.nanoTime()}. */
    public static long nanoTime(int site) {
        return 0;
    }

    /** Replaces {@code System.currentTimeMillis()}. */
    public static long currentTimeMillis(int site) {
        return 0;
    }

    /** Replaces {@code Runtime.availableProcessors()}. */
    public static int availableProcessors(Runtime runtime) {
        return 0;
    }

    /** Replaces {@code System.identityHashCode}, and {@code Object.hashCode} where it is not overridden. */
    public static int identityHashCode(Object object) {
        return 0;
    }

    /** Replaces {@code Boolean.getBoolean}: tracepoints are on while exploring. */
    public static boolean getBoolean(String property) {
        return false;
    }

    /** Replaces {@code ThreadLocal.get()}. */
    public static Object get(ThreadLocal<?> local) {
        return null;
    }

    /** Replaces {@code ThreadLocal.set}. */
    public static void set(ThreadLocal<?> local, Object value) {
    }

    /** Replaces {@code ThreadLocal.remove()}. */
    public static void remove(ThreadLocal<?> local) {
    }
}
