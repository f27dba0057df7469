package org.smp4j.explore.instrument.call;

import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;
import org.smp4j.explore.hooks.Shims;

/** JDK calls that a hook replaces. */
final class Replacements {
    /**
     * Columns: the call; the method of {@link Shims} that converts the arguments on top of the stack into the hook's
     * form, or a dash; the hook.
     */
    private static final String TABLE = """
            java/lang/Thread.currentThread()Ljava/lang/Thread; - currentThread()Ljava/lang/Thread;
            java/lang/Thread.start()V - start(Ljava/lang/Thread;I)V
            java/lang/Thread.join()V - join(Ljava/lang/Thread;I)V
            java/lang/Thread.join(J)V millis(J)J join(Ljava/lang/Thread;JI)V
            java/lang/Thread.join(JI)V millis(JI)J join(Ljava/lang/Thread;JI)V
            java/lang/Thread.isAlive()Z - isAlive(Ljava/lang/Thread;I)Z
            java/lang/Thread.interrupt()V - interrupt(Ljava/lang/Thread;I)V
            java/lang/Thread.isInterrupted()Z - isInterrupted(Ljava/lang/Thread;I)Z
            java/lang/Thread.interrupted()Z - interrupted(I)Z
            java/lang/Thread.setDaemon(Z)V - setDaemon(Ljava/lang/Thread;Z)V
            java/lang/Thread.isDaemon()Z - isDaemon(Ljava/lang/Thread;)Z
            java/lang/Thread.setDefaultUncaughtExceptionHandler(Ljava/lang/Thread$UncaughtExceptionHandler;)V - \
                    setDefaultUncaughtExceptionHandler(Ljava/lang/Thread$UncaughtExceptionHandler;I)V
            java/lang/Thread.getDefaultUncaughtExceptionHandler()Ljava/lang/Thread$UncaughtExceptionHandler; - \
                    getDefaultUncaughtExceptionHandler()Ljava/lang/Thread$UncaughtExceptionHandler;
            java/lang/Thread.getName()Ljava/lang/String; - getName(Ljava/lang/Thread;)Ljava/lang/String;
            java/lang/Thread.threadId()J - threadId(Ljava/lang/Thread;)J
            java/lang/Thread.getId()J - threadId(Ljava/lang/Thread;)J
            java/lang/Thread.getState()Ljava/lang/Thread$State; - getState(Ljava/lang/Thread;I)Ljava/lang/Thread$State;
            java/lang/Thread.sleep(J)V nanos(J)J sleep(JI)V
            java/lang/Thread.sleep(JI)V nanos(JI)J sleep(JI)V
            java/lang/Thread.sleep(Ljava/time/Duration;)V nanos(Ljava/time/Duration;)J sleep(JI)V
            java/util/concurrent/TimeUnit.sleep(J)V nanos(Ljava/util/concurrent/TimeUnit;J)J sleep(JI)V
            java/lang/Thread.yield()V - yield(I)V
            java/lang/Thread.onSpinWait()V - onSpinWait(I)V
            java/util/concurrent/locks/LockSupport.park()V - park(I)V
            java/util/concurrent/locks/LockSupport.park(Ljava/lang/Object;)V drop(Ljava/lang/Object;)V park(I)V
            java/util/concurrent/locks/LockSupport.parkNanos(J)V - parkNanos(JI)V
            java/util/concurrent/locks/LockSupport.parkNanos(Ljava/lang/Object;J)V nanos(Ljava/lang/Object;J)J \
                    parkNanos(JI)V
            java/util/concurrent/locks/LockSupport.parkUntil(J)V - parkUntil(JI)V
            java/util/concurrent/locks/LockSupport.parkUntil(Ljava/lang/Object;J)V nanos(Ljava/lang/Object;J)J \
                    parkUntil(JI)V
            java/util/concurrent/TimeUnit.timedWait(Ljava/lang/Object;J)V - \
                    timedWait(Ljava/util/concurrent/TimeUnit;Ljava/lang/Object;JI)V
            java/util/concurrent/TimeUnit.timedJoin(Ljava/lang/Thread;J)V - \
                    timedJoin(Ljava/util/concurrent/TimeUnit;Ljava/lang/Thread;JI)V
            java/util/concurrent/locks/LockSupport.unpark(Ljava/lang/Thread;)V - unpark(Ljava/lang/Thread;I)V
            java/lang/System.nanoTime()J - nanoTime(I)J
            java/lang/System.currentTimeMillis()J - currentTimeMillis(I)J
            java/lang/System.identityHashCode(Ljava/lang/Object;)I - identityHashCode(Ljava/lang/Object;)I
            java/lang/Runtime.availableProcessors()I - availableProcessors(Ljava/lang/Runtime;)I
            java/lang/ThreadLocal.get()Ljava/lang/Object; - get(Ljava/lang/ThreadLocal;)Ljava/lang/Object;
            java/lang/ThreadLocal.set(Ljava/lang/Object;)V - set(Ljava/lang/ThreadLocal;Ljava/lang/Object;)V
            java/lang/ThreadLocal.remove()V - remove(Ljava/lang/ThreadLocal;)V
            java/util/concurrent/locks/ReentrantLock.lock()V - lock(Ljava/util/concurrent/locks/ReentrantLock;I)V
            java/util/concurrent/locks/ReentrantLock.tryLock()Z - tryLock(Ljava/util/concurrent/locks/ReentrantLock;I)Z
            java/util/concurrent/locks/ReentrantLock.unlock()V - unlock(Ljava/util/concurrent/locks/ReentrantLock;I)V
            java/util/concurrent/locks/ReentrantLock.isHeldByCurrentThread()Z - \
                    isHeldByCurrentThread(Ljava/util/concurrent/locks/ReentrantLock;I)Z
            java/lang/Object.wait()V - await(Ljava/lang/Object;I)V
            java/lang/Object.wait(J)V millis(J)J await(Ljava/lang/Object;JI)V
            java/lang/Object.wait(JI)V millis(JI)J await(Ljava/lang/Object;JI)V
            java/lang/Object.notify()V - signal(Ljava/lang/Object;I)V
            java/lang/Object.notifyAll()V - signalAll(Ljava/lang/Object;I)V
            """;

    private static final Map<String, Treatment> ALL = parse();

    private Replacements() {
    }

    private static Map<String, Treatment> parse() {
        Map<String, Treatment> all = new HashMap<>();
        TABLE.lines().forEach(line -> {
            String[] columns = line.split(" +");
            boolean converts = !columns[1].equals("-");
            all.put(columns[0], new Treatment.Replaced(converts ? name(columns[1]) : null,
                    converts ? type(columns[1]) : null, name(columns[2]), type(columns[2])));
        });
        return Map.copyOf(all);
    }

    private static String name(String method) {
        return method.substring(0, method.indexOf('('));
    }

    private static MethodTypeDesc type(String method) {
        return MethodTypeDesc.ofDescriptor(method.substring(method.indexOf('(')));
    }

    /** The replacement of a JDK call; null if there is none. */
    static Treatment of(String owner, String name, String type) {
        return ALL.get(owner + "." + name + type);
    }
}
