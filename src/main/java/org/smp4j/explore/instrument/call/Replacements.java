package org.smp4j.explore.instrument.call;

import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.HashMap;
import java.util.Map;
import org.smp4j.explore.hooks.Shims;
import org.smp4j.explore.hooks.ValueHooks;
import org.smp4j.explore.loaders.LoaderHooks;

/** JDK calls that a hook replaces. */
final class Replacements {
    /**
     * Columns: the call; the method of {@link Shims} that converts the arguments on top of the stack into the hook's
     * form, or a dash; the hook, with its class unless it is one of {@link RewriteOptions#hooks}.
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
                    LifeHooks.setDefaultUncaughtExceptionHandler(Ljava/lang/Thread$UncaughtExceptionHandler;I)V
            java/lang/Thread.getDefaultUncaughtExceptionHandler()Ljava/lang/Thread$UncaughtExceptionHandler; - \
                    LifeHooks.getDefaultUncaughtExceptionHandler(I)Ljava/lang/Thread$UncaughtExceptionHandler;
            java/lang/Thread.setUncaughtExceptionHandler(Ljava/lang/Thread$UncaughtExceptionHandler;)V - \
                    LifeHooks.setUncaughtExceptionHandler(Ljava/lang/Thread;\
            Ljava/lang/Thread$UncaughtExceptionHandler;I)V
            java/lang/Thread.getUncaughtExceptionHandler()Ljava/lang/Thread$UncaughtExceptionHandler; - \
                    LifeHooks.getUncaughtExceptionHandler(Ljava/lang/Thread;I)\
            Ljava/lang/Thread$UncaughtExceptionHandler;
            java/lang/Thread.getName()Ljava/lang/String; - getName(Ljava/lang/Thread;I)Ljava/lang/String;
            java/lang/Thread.setName(Ljava/lang/String;)V - setName(Ljava/lang/Thread;Ljava/lang/String;I)V
            java/util/stream/Collectors.toUnmodifiableSet()Ljava/util/stream/Collector; - \
                    HashOrder.toUnmodifiableSet()Ljava/util/stream/Collector;
            java/util/stream/Collectors.toUnmodifiableMap(Ljava/util/function/Function;\
            Ljava/util/function/Function;)Ljava/util/stream/Collector; - \
                    HashOrder.toUnmodifiableMap(Ljava/util/function/Function;\
            Ljava/util/function/Function;)Ljava/util/stream/Collector;
            java/util/stream/Collectors.toUnmodifiableMap(Ljava/util/function/Function;\
            Ljava/util/function/Function;Ljava/util/function/BinaryOperator;)Ljava/util/stream/Collector; - \
                    HashOrder.toUnmodifiableMap(Ljava/util/function/Function;\
            Ljava/util/function/Function;Ljava/util/function/BinaryOperator;)Ljava/util/stream/Collector;
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
            java/util/concurrent/locks/LockSupport.parkUntil(J)V - LifeHooks.parkUntil(JI)V
            java/util/concurrent/locks/LockSupport.parkUntil(Ljava/lang/Object;J)V nanos(Ljava/lang/Object;J)J \
                    LifeHooks.parkUntil(JI)V
            java/util/concurrent/TimeUnit.timedWait(Ljava/lang/Object;J)V - \
                    LifeHooks.timedWait(Ljava/util/concurrent/TimeUnit;Ljava/lang/Object;JI)V
            java/util/concurrent/TimeUnit.timedJoin(Ljava/lang/Thread;J)V - \
                    LifeHooks.timedJoin(Ljava/util/concurrent/TimeUnit;Ljava/lang/Thread;JI)V
            java/util/concurrent/locks/LockSupport.unpark(Ljava/lang/Thread;)V - unpark(Ljava/lang/Thread;I)V
            java/lang/Thread$Builder.unstarted(Ljava/lang/Runnable;)Ljava/lang/Thread; - \
                    LifeHooks.unstarted(Ljava/lang/Thread$Builder;Ljava/lang/Runnable;)Ljava/lang/Thread;
            java/lang/Thread$Builder.start(Ljava/lang/Runnable;)Ljava/lang/Thread; - \
                    LifeHooks.startBuilt(Ljava/lang/Thread$Builder;Ljava/lang/Runnable;I)Ljava/lang/Thread;
            java/lang/Thread$Builder.factory()Ljava/util/concurrent/ThreadFactory; - \
                    LifeHooks.factory(Ljava/lang/Thread$Builder;)Ljava/util/concurrent/ThreadFactory;
            java/lang/Thread$Builder.daemon()Ljava/lang/Thread$Builder$OfPlatform; - \
                    LifeHooks.daemon(Ljava/lang/Thread$Builder$OfPlatform;)Ljava/lang/Thread$Builder$OfPlatform;
            java/lang/Thread$Builder.daemon(Z)Ljava/lang/Thread$Builder$OfPlatform; - \
                    LifeHooks.daemon(Ljava/lang/Thread$Builder$OfPlatform;Z)Ljava/lang/Thread$Builder$OfPlatform;
            java/lang/Thread.startVirtualThread(Ljava/lang/Runnable;)Ljava/lang/Thread; - \
                    LifeHooks.startVirtualThread(Ljava/lang/Runnable;I)Ljava/lang/Thread;
            java/lang/ScopedValue$Carrier.run(Ljava/lang/Runnable;)V - \
                    LifeHooks.run(Ljava/lang/ScopedValue$Carrier;Ljava/lang/Runnable;)V
            java/lang/ScopedValue$Carrier.call(Ljava/lang/ScopedValue$CallableOp;)Ljava/lang/Object; - \
                    LifeHooks.call(Ljava/lang/ScopedValue$Carrier;Ljava/lang/ScopedValue$CallableOp;)Ljava/lang/Object;
            java/lang/ScopedValue.get()Ljava/lang/Object; - LifeHooks.get(Ljava/lang/ScopedValue;)Ljava/lang/Object;
            java/lang/ScopedValue.isBound()Z - LifeHooks.isBound(Ljava/lang/ScopedValue;)Z
            java/lang/ScopedValue.orElse(Ljava/lang/Object;)Ljava/lang/Object; - \
                    LifeHooks.orElse(Ljava/lang/ScopedValue;Ljava/lang/Object;)Ljava/lang/Object;
            java/lang/ScopedValue.orElseThrow(Ljava/util/function/Supplier;)Ljava/lang/Object; - \
                    LifeHooks.orElseThrow(Ljava/lang/ScopedValue;Ljava/util/function/Supplier;)Ljava/lang/Object;
            java/lang/Thread.holdsLock(Ljava/lang/Object;)Z - LifeHooks.holdsLock(Ljava/lang/Object;)Z
            java/lang/Thread.activeCount()I - LifeHooks.activeCount(I)I
            java/lang/ThreadGroup.activeCount()I - LifeHooks.activeCount(Ljava/lang/ThreadGroup;I)I
            java/lang/Runtime.addShutdownHook(Ljava/lang/Thread;)V - \
                    LifeHooks.addShutdownHook(Ljava/lang/Runtime;Ljava/lang/Thread;I)V
            java/lang/Runtime.removeShutdownHook(Ljava/lang/Thread;)Z - \
                    LifeHooks.removeShutdownHook(Ljava/lang/Runtime;Ljava/lang/Thread;I)Z
            java/lang/Math.random()D - ValueHooks.random(I)D
            java/lang/StrictMath.random()D - ValueHooks.random(I)D
            java/util/UUID.randomUUID()Ljava/util/UUID; - ValueHooks.randomUUID(I)Ljava/util/UUID;
            java/security/SecureRandom.getInstanceStrong()Ljava/security/SecureRandom; - \
                    ValueHooks.secureRandom(I)Ljava/security/SecureRandom;
            java/security/SecureRandom.getInstance(Ljava/lang/String;)Ljava/security/SecureRandom; - \
                    ValueHooks.secureRandom(Ljava/lang/String;I)Ljava/security/SecureRandom;
            java/util/random/RandomGenerator.getDefault()Ljava/util/random/RandomGenerator; - \
                    ValueHooks.defaultGenerator(I)Ljava/util/random/RandomGenerator;
            java/util/random/RandomGenerator.of(Ljava/lang/String;)Ljava/util/random/RandomGenerator; - \
                    ValueHooks.generatorOf(Ljava/lang/String;I)Ljava/util/random/RandomGenerator;
            java/util/random/RandomGeneratorFactory.create()Ljava/util/random/RandomGenerator; - \
                    ValueHooks.create(Ljava/util/random/RandomGeneratorFactory;I)Ljava/util/random/RandomGenerator;
            java/time/Clock.systemUTC()Ljava/time/Clock; - ValueHooks.utc()Ljava/time/Clock;
            java/time/Clock.systemDefaultZone()Ljava/time/Clock; - ValueHooks.clock()Ljava/time/Clock;
            java/time/Clock.system(Ljava/time/ZoneId;)Ljava/time/Clock; - \
                    ValueHooks.clock(Ljava/time/ZoneId;)Ljava/time/Clock;
            java/time/Clock.tickMillis(Ljava/time/ZoneId;)Ljava/time/Clock; - \
                    ValueHooks.tickMillis(Ljava/time/ZoneId;)Ljava/time/Clock;
            java/time/Clock.tickSeconds(Ljava/time/ZoneId;)Ljava/time/Clock; - \
                    ValueHooks.tickSeconds(Ljava/time/ZoneId;)Ljava/time/Clock;
            java/time/Clock.tickMinutes(Ljava/time/ZoneId;)Ljava/time/Clock; - \
                    ValueHooks.tickMinutes(Ljava/time/ZoneId;)Ljava/time/Clock;
            java/time/InstantSource.system()Ljava/time/InstantSource; - \
                    ValueHooks.instantSource()Ljava/time/InstantSource;
            java/util/Calendar.getInstance()Ljava/util/Calendar; - ValueHooks.calendar(I)Ljava/util/Calendar;
            java/util/Calendar.getInstance(Ljava/util/TimeZone;)Ljava/util/Calendar; - \
                    ValueHooks.calendar(Ljava/util/TimeZone;I)Ljava/util/Calendar;
            java/util/Calendar.getInstance(Ljava/util/Locale;)Ljava/util/Calendar; - \
                    ValueHooks.calendar(Ljava/util/Locale;I)Ljava/util/Calendar;
            java/util/Calendar.getInstance(Ljava/util/TimeZone;Ljava/util/Locale;)Ljava/util/Calendar; - \
                    ValueHooks.calendar(Ljava/util/TimeZone;Ljava/util/Locale;I)Ljava/util/Calendar;
            java/util/concurrent/locks/LockSupport.setCurrentBlocker(Ljava/lang/Object;)V - \
                    Shims.drop(Ljava/lang/Object;)V
            java/util/concurrent/locks/LockSupport.getThreadId(Ljava/lang/Thread;)J - threadId(Ljava/lang/Thread;)J
            smp4j/shadow/jdk/internal/misc/Unsafe.park(ZJ)V nanos(Ljava/lang/Object;ZJ)J parkNanos(JI)V
            smp4j/shadow/jdk/internal/misc/Unsafe.unpark(Ljava/lang/Object;)V \
                    thread(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Thread; unpark(Ljava/lang/Thread;I)V
            smp4j/shadow/sun/misc/Unsafe.park(ZJ)V - LifeHooks.park(Ljava/lang/Object;ZJI)V
            smp4j/shadow/sun/misc/Unsafe.unpark(Ljava/lang/Object;)V \
                    thread(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Thread; unpark(Ljava/lang/Thread;I)V
            java/lang/Class.getName()Ljava/lang/String; - \
                    ClassNames.name(Ljava/lang/Class;)Ljava/lang/String;
            java/lang/Class.getTypeName()Ljava/lang/String; - \
                    ClassNames.typeName(Ljava/lang/Class;)Ljava/lang/String;
            java/lang/Class.getSimpleName()Ljava/lang/String; - \
                    ClassNames.simpleName(Ljava/lang/Class;)Ljava/lang/String;
            java/lang/Class.getCanonicalName()Ljava/lang/String; - \
                    ClassNames.canonicalName(Ljava/lang/Class;)Ljava/lang/String;
            java/lang/Class.getPackageName()Ljava/lang/String; - \
                    ClassNames.packageName(Ljava/lang/Class;)Ljava/lang/String;
            java/lang/Class.toString()Ljava/lang/String; - \
                    ClassNames.text(Ljava/lang/Class;)Ljava/lang/String;
            java/lang/Class.forName(Ljava/lang/String;)Ljava/lang/Class; - \
                    LoaderHooks.forName(Ljava/lang/String;I)Ljava/lang/Class;
            java/lang/Class.forName(Ljava/lang/String;ZLjava/lang/ClassLoader;)Ljava/lang/Class; - \
                    LoaderHooks.forName(Ljava/lang/String;ZLjava/lang/ClassLoader;I)Ljava/lang/Class;
            java/lang/invoke/MethodHandles$Lookup.ensureInitialized(Ljava/lang/Class;)Ljava/lang/Class; - \
                    LoaderHooks.ensureInitialized(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/Class;I)\
            Ljava/lang/Class;
            java/lang/ClassLoader.defineClass([BII)Ljava/lang/Class; - \
                    LoaderHooks.defineClass(Ljava/lang/ClassLoader;[BIII)Ljava/lang/Class;
            java/lang/ClassLoader.defineClass(Ljava/lang/String;[BII)Ljava/lang/Class; - \
                    LoaderHooks.defineClass(Ljava/lang/ClassLoader;Ljava/lang/String;[BIII)Ljava/lang/Class;
            java/lang/ClassLoader.defineClass(Ljava/lang/String;[BIILjava/security/ProtectionDomain;)Ljava/lang/Class; \
                    - LoaderHooks.defineClass(Ljava/lang/ClassLoader;Ljava/lang/String;[BII\
            Ljava/security/ProtectionDomain;I)Ljava/lang/Class;
            java/lang/ClassLoader.defineClass(Ljava/lang/String;Ljava/nio/ByteBuffer;\
            Ljava/security/ProtectionDomain;)Ljava/lang/Class; - LoaderHooks.defineClass(Ljava/lang/ClassLoader;\
            Ljava/lang/String;Ljava/nio/ByteBuffer;Ljava/security/ProtectionDomain;I)Ljava/lang/Class;
            java/lang/ClassLoader.findLoadedClass(Ljava/lang/String;)Ljava/lang/Class; - \
                    LoaderHooks.findLoadedClass(Ljava/lang/ClassLoader;Ljava/lang/String;I)Ljava/lang/Class;
            java/lang/ClassLoader.findSystemClass(Ljava/lang/String;)Ljava/lang/Class; - \
                    LoaderHooks.findSystemClass(Ljava/lang/ClassLoader;Ljava/lang/String;)Ljava/lang/Class;
            java/lang/ClassLoader.getSystemClassLoader()Ljava/lang/ClassLoader; - \
                    LoaderHooks.getSystemClassLoader()Ljava/lang/ClassLoader;
            java/lang/ClassLoader.getParent()Ljava/lang/ClassLoader; - \
                    LoaderHooks.getParent(Ljava/lang/ClassLoader;)Ljava/lang/ClassLoader;
            java/net/URLClassLoader.newInstance([Ljava/net/URL;)Ljava/net/URLClassLoader; - \
                    LoaderHooks.newInstance([Ljava/net/URL;)Ljava/net/URLClassLoader;
            java/net/URLClassLoader.newInstance([Ljava/net/URL;Ljava/lang/ClassLoader;)Ljava/net/URLClassLoader; - \
                    LoaderHooks.newInstance([Ljava/net/URL;Ljava/lang/ClassLoader;)Ljava/net/URLClassLoader;
            java/lang/System.exit(I)V - LifeHooks.exit(II)V
            java/lang/Runtime.exit(I)V - LifeHooks.exit(Ljava/lang/Runtime;II)V
            java/lang/Runtime.halt(I)V - LifeHooks.exit(Ljava/lang/Runtime;II)V
            java/lang/System.nanoTime()J - nanoTime(I)J
            java/lang/System.currentTimeMillis()J - currentTimeMillis(I)J
            java/lang/System.identityHashCode(Ljava/lang/Object;)I - identityHashCode(Ljava/lang/Object;)I
            java/lang/Enum.hashCode()I - identityHashCode(Ljava/lang/Object;)I
            java/util/Objects.hashCode(Ljava/lang/Object;)I - HashOrder.hashCode(Ljava/lang/Object;)I
            java/util/Objects.hash([Ljava/lang/Object;)I - HashOrder.hash([Ljava/lang/Object;)I
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

    private static final String HOOKS = ValueHooks.class.getPackageName();
    private static final Map<String, Treatment> ALL = parse();
    private static final String BUILDER = "java/lang/Thread$Builder";
    /** Classes with a constructor without parameters that takes a seed or the time, and the hook that gives these. */
    private static final Map<String, String> MAKERS = Map.of("java/util/Random", "seed", "java/util/SplittableRandom",
            "seed", "java/util/Date", "millis");

    private Replacements() {
    }

    private static Map<String, Treatment> parse() {
        Map<String, Treatment> all = new HashMap<>();
        TABLE.lines().forEach(line -> {
            String[] columns = line.split(" +");
            boolean converts = !columns[1].equals("-");
            String hook = name(columns[2]);
            int dot = hook.indexOf('.');
            all.put(columns[0], new Treatment.Replaced(converts ? name(columns[1]) : null,
                    converts ? type(columns[1]) : null, dot < 0 ? null : holder(hook.substring(0, dot)),
                    hook.substring(dot + 1), type(columns[2])));
        });
        return Map.copyOf(all);
    }

    private static ClassDesc holder(String simple) {
        boolean isOfLoaders = simple.equals(LoaderHooks.class.getSimpleName());
        return ClassDesc.of(isOfLoaders ? LoaderHooks.class.getPackageName() : HOOKS, simple);
    }

    private static String name(String method) {
        return method.substring(0, method.indexOf('('));
    }

    private static MethodTypeDesc type(String method) {
        return MethodTypeDesc.ofDescriptor(method.substring(method.indexOf('(')));
    }

    /** The replacement of a JDK call; null if there is none. */
    static Treatment of(String owner, String name, String type) {
        Treatment replaced = ALL.get(owner + "." + name + type);
        if (replaced == null && owner.startsWith(BUILDER + "$")) {
            replaced = ALL.get(BUILDER + "." + name + type);
        }
        if (replaced == null) {
            replaced = sequential(owner, name, type);
        }
        return replaced == null ? supplied(owner, name, type) : replaced;
    }

    /** A stream that would run on the JVM's own threads runs on the thread that asks for its result. */
    private static Treatment sequential(String owner, String name, String type) {
        String result = type.substring(type.indexOf(')') + 1);
        return owner.startsWith("java/util/stream/") && name.equals("parallel") && type.startsWith("()")
                ? new Treatment.Replaced(null, null, ClassDesc.of(HOOKS, "LifeHooks"), name,
                MethodTypeDesc.ofDescriptor("(" + result + ")" + result)) : null;
    }

    /** A call that gets a last argument, in place of what the JDK would take: a seed, a generator, the time. */
    private static Treatment supplied(String owner, String name, String type) {
        if (name.equals("<init>")) {
            String hook = type.equals("()V") ? MAKERS.get(owner) : null;
            return hook == null ? null : last(hook, "(I)J", "(J)V");
        }
        if (owner.equals("java/util/Collections") && name.equals("shuffle") && type.equals("(Ljava/util/List;)V")) {
            return last("generator", "(I)Ljava/util/Random;", "(Ljava/util/List;Ljava/util/Random;)V");
        }
        if (!name.equals("now") || !owner.startsWith("java/time/") || type.startsWith("(Ljava/time/Clock;")) {
            return null;
        }
        String result = "(Ljava/time/Clock;)" + type.substring(type.indexOf(')') + 1);
        return switch (type.substring(0, type.indexOf(')') + 1)) {
            case "()" -> last(owner.equals("java/time/Instant") ? "utc" : "clock", "()Ljava/time/Clock;", result);
            case "(Ljava/time/ZoneId;)" -> last("clock", "(Ljava/time/ZoneId;)Ljava/time/Clock;", result);
            default -> null;
        };
    }

    private static Treatment last(String hook, String hookType, String type) {
        return new Treatment.Supplied(hook, MethodTypeDesc.ofDescriptor(hookType), MethodTypeDesc.ofDescriptor(type));
    }
}
