package org.smp4j.explore.instrument;

import static java.lang.Thread.sleep;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

/** One method for each construct. The fields that hold its objects are final, so that reading them is no access. */
@SuppressWarnings("unused")
final class Constructs {
    private static final VarHandle INT = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "number",
            VarHandle.class, Constructs.class, int.class);
    private static final VarHandle REF = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "ref",
            VarHandle.class, Constructs.class, Object.class);
    private static final VarHandle COUNT =
            ConstantBootstraps.staticFieldVarHandle(MethodHandles.lookup(), "count", VarHandle.class,
                    Constructs.class, int.class);
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static int count;
    private static volatile long stamp;
    private static final AtomicInteger EARLY = new AtomicInteger();

    static {
        count = 5;
        EARLY.incrementAndGet();
        synchronized (EARLY) {
            stamp = EARLY.get();
        }
    }

    private int seen;
    private int number;
    private long wide;
    private Object ref;
    private volatile boolean flag;
    private final long[] longs = new long[2];
    private final Object[] objects = new Object[1];
    private final AtomicInteger integer = new AtomicInteger();
    private final AtomicReference<String> reference = new AtomicReference<>();
    private final AtomicIntegerArray ints = new AtomicIntegerArray(2);
    private final ReentrantLock lock = new ReentrantLock();
    private final Lock open = lock;
    private final Thread thread = new Thread(() -> { });
    private final ThreadLocal<String> local = new ThreadLocal<>();
    private final List<String> list = new ArrayList<>(List.of("a"));
    private final Map<String, Integer> map = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<String, Integer> concurrent = new ConcurrentHashMap<>();
    private final Collection<String> locking = Collections.synchronizedList(new ArrayList<>());

    @Expect({"field Rp", "field Wp"})
    void plainField() {
        number++;
    }

    @Expect({"field Wp", "field Rp"})
    void wideField() {
        wide = 3;
        long copy = wide;
    }

    @Expect({"field Ra", "field Wr"})
    void volatileField() {
        flag = !flag;
    }

    @Expect({"staticField Rp", "staticField Wp", "staticField Wr"})
    void staticFields() {
        count++;
        stamp = 1;
    }

    @Expect({})
    void finalField() {
        Object copy = longs;
    }

    @Expect({"element Wp", "element Rp", "element Wp", "element Rp"})
    void elements() {
        longs[0] = 1;
        long copy = longs[0];
        objects[0] = this;
        Object object = objects[0];
    }

    @Expect({"enterQuiet", "exitQuiet", "element Rp"})
    void enumSwitch() {
        switch (TimeUnit.values()[0]) {
            case DAYS -> number = 1;
            default -> { }
        }
    }

    @Expect({"handle R", "handle R", "handle Ra", "handle Ra", "handle W", "handle W", "handle Wr", "handle Wr"})
    void handleModes() {
        int read = (int) INT.get(this);
        read = (int) INT.getOpaque(this);
        read = (int) INT.getAcquire(this);
        read = (int) INT.getVolatile(this);
        INT.set(this, 1);
        INT.setOpaque(this, 1);
        INT.setRelease(this, 1);
        INT.setVolatile(this, 1);
    }

    @Expect({"handle RWar", "handle RWa", "handle RWr", "handle RWar"})
    void handleUpdates() {
        int old = (int) INT.getAndAdd(this, 1);
        old = (int) INT.getAndSetAcquire(this, 1);
        old = (int) INT.getAndBitwiseXorRelease(this, 1);
        INT.getAndAdd(this, 1);
    }

    @Expect({"expects 0L", "handle RW?ar", "exchanged true", "expects any", "handle RW?a", "exchanged false",
            "expects any", "handle RW?", "exchanged true"})
    void handleExchanges() {
        boolean done = INT.compareAndSet(this, 0, 1);
        done = INT.weakCompareAndSetAcquire(this, 7, 1);
        while (!INT.weakCompareAndSetPlain(this, 1, 2)) {
            Thread.onSpinWait();
        }
    }

    @Expect({"expects 0L", "handle RW?ar", "exchanged true", "expects other", "handle RW?r", "exchanged false",
            "expects null", "handle RW?ar", "exchanged true"})
    void handleCompareAndExchange() {
        int old = (int) INT.compareAndExchange(this, 0, 1);
        Object none = REF.compareAndExchangeRelease(this, "other", "x");
        REF.compareAndExchange(this, null, "y");
    }

    @Expect({"staticHandle Wr", "elementHandle Ra", "expects 0L", "elementHandle RW?ar", "exchanged true"})
    void handleShapes() {
        COUNT.setVolatile(3);
        long read = (long) LONGS.getAcquire(longs, 1);
        boolean done = LONGS.compareAndSet(longs, 1, 0L, 2L);
    }

    @Expect({"fence ar", "fence r", "fence a"})
    void fences() {
        VarHandle.fullFence();
        VarHandle.releaseFence();
        VarHandle.loadLoadFence();
    }

    @Expect({"atomic Ra", "atomic Wr", "atomic R", "atomic Wr", "atomic RWar", "expects 2L", "atomic RW?ar",
            "exchanged true", "expects 2L", "atomic RW?ar", "exchanged false"})
    void atomics() {
        integer.get();
        integer.set(1);
        integer.getPlain();
        integer.lazySet(1);
        integer.incrementAndGet();
        integer.compareAndSet(2, 3);
        integer.compareAndExchange(2, 3);
    }

    @Expect({"atomic RWar", "enterQuiet", "exitQuiet", "atomicElement RWar", "enterQuiet", "exitQuiet"})
    void atomicLambdas() {
        integer.updateAndGet(v -> v + number);
        ints.accumulateAndGet(1, 2, (a, b) -> a + b + number);
    }

    @Expect({"atomicElement Ra", "expects 0L", "atomicElement RW?ar", "exchanged true", "atomicElement RWar"})
    void atomicArrays() {
        ints.get(0);
        ints.compareAndSet(1, 0, 4);
        ints.getAndAdd(1, 3);
    }

    @Expect({"object RWar", "enterQuiet", "exitQuiet", "object Ra", "enterQuiet", "exitQuiet", "object RWar",
            "enterQuiet", "exitQuiet"})
    void adders() {
        LongAdder adder = new LongAdder();
        adder.increment();
        adder.sum();
        new AtomicMarkableReference<>("a", false).attemptMark("a", true);
    }

    @Expect({"monitorEnter", "field Wp", "monitorExit"})
    void monitor() {
        synchronized (longs) {
            number = 1;
        }
    }

    @Expect({"monitorEnter", "field Wp", "monitorExit"})
    synchronized void synchronizedMethod() {
        number = 1;
    }

    @Expect({"monitorEnter", "staticField Rp", "monitorExit"})
    static synchronized int synchronizedStatic() {
        return count;
    }

    @Expect({"monitorEnter", "signal", "signalAll", "await 1", "await 2", "monitorExit"})
    void waiting() throws InterruptedException {
        synchronized (longs) {
            longs.notify();
            longs.notifyAll();
            longs.wait(1);
            longs.wait(1, 1);
        }
    }

    @Expect({"lock", "tryLock", "isHeldByCurrentThread", "unlock", "unlock"})
    void locks() {
        lock.lock();
        lock.tryLock();
        lock.isHeldByCurrentThread();
        lock.unlock();
        lock.unlock();
    }

    @Expect({"lock", "unlock"})
    void locksByTheirInterface() {
        open.lock();
        open.unlock();
    }

    @Expect({"currentThread", "interrupt", "isInterrupted", "interrupted", "getName", "setName", "threadId",
            "threadId", "getState"})
    @SuppressWarnings("deprecation")
    void threadState() {
        Thread.currentThread().interrupt();
        thread.isInterrupted();
        Thread.interrupted();
        thread.getName();
        thread.setName("new");
        thread.threadId();
        thread.getId();
        thread.getState();
    }

    @Expect({"field Wp", "interrupt", "currentThread", "isInterrupted"})
    void overriddenInThread() {
        Thread closing = new Thread() {
            private boolean closed;

            @Override
            public void interrupt() {
                closed = true;
                super.interrupt();
            }
        };
        closing.interrupt();
        Thread.currentThread().isInterrupted();
    }

    @Expect({"start", "join", "join 5", "join 6", "join 8", "isAlive", "isAlive", "isAlive"})
    void threadLife() throws InterruptedException {
        thread.start();
        thread.join();
        thread.join(5);
        thread.join(5, 1);
        thread.join(Duration.ofMillis(8));
        thread.join(Duration.ZERO);
        thread.isAlive();
    }

    @Expect({"sleep 2000000", "sleep 2000003", "sleep 4000", "sleep 5000000000", "yield", "yield", "onSpinWait"})
    void sleeping() throws InterruptedException {
        sleep(2);
        sleep(2, 3);
        sleep(Duration.ofNanos(4000));
        TimeUnit.SECONDS.sleep(5);
        Thread.yield();
        Thread.onSpinWait(); // in no loop
        for (int i = 0; i < 1; i++) {
            Thread.onSpinWait();
        }
    }

    @Expect({"currentThread", "unpark", "park", "parkNanos 5", "parkNanos 6", "currentThread", "unpark", "park"})
    void parking() {
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park(this);
        LockSupport.parkNanos(5);
        LockSupport.parkNanos(this, 6);
        LockSupport.unpark(Thread.currentThread());
        LockSupport.park();
    }

    @Expect({"nanoTime", "currentTimeMillis", "availableProcessors", "identityHashCode"})
    void surroundings() {
        System.nanoTime();
        System.currentTimeMillis();
        Runtime.getRuntime().availableProcessors();
        System.identityHashCode(this);
        Boolean.getBoolean("none");
    }

    @Expect({"passed Rp", "identityHashCode", "passed Rp", "identityHashCode", "passed Rp", "passed Rp"})
    void hashCodes() {
        Object object = longs;
        object.hashCode();
        hashCode();
        object = "text";
        object.hashCode();
        object = List.of(1);
        object.hashCode();
    }

    @Expect({"set", "get", "remove"})
    void threadLocals() {
        local.set("a");
        local.get().length();
        local.remove();
    }

    @Expect({"object RWp", "object Rp", "object Rp", "view", "object Rp", "object Rp"})
    void collections() {
        list.add("b");
        list.get(0);
        Iterator<String> iterator = list.iterator();
        iterator.hasNext();
        iterator.next();
    }

    @Expect({"passed", "object RWp", "object Rp", "view", "object Rp", "view", "object Rp", "object Rp", "view",
            "object RWp"})
    void views() {
        Map<String, Integer> plain = new HashMap<>();
        plain.put("a", 1);
        for (Map.Entry<String, Integer> entry : plain.entrySet()) {
            entry.setValue(2);
            break;
        }
    }

    @Expect({"object Rp", "view", "view", "object Rp", "object Rp", "view", "view", "object Rp"})
    void streams() {
        list.stream().filter(text -> text.length() > 1).count();
        list.parallelStream().mapToInt(String::length).sum();
    }

    @Expect({"view", "object Rp"})
    void wrappers() {
        Collections.unmodifiableList(list).size();
    }

    @Expect({"passed Rp", "identityHashCode", "passed", "object Rp", "passed Rp"})
    void hashedByOthers() {
        Key key = new Key();
        new HashMap<>(Map.of(key, 1)).get(key);
        key.toString();
    }

    private static final class Key {
    }

    @Expect({"passed", "object RWp", "field Rp"})
    void openCallbacks() {
        Map<String, Integer> plain = new HashMap<>();
        plain.computeIfAbsent("a", _ -> number);
    }

    @Expect({"passed", "computeIfAbsent RWp", "field Rp", "walks RWar", "object RWar", "enterQuiet", "exitQuiet",
            "object Ra", "field Rp", "field Rp",
            "passed", "key RWp", "enterQuiet", "exitQuiet", "object Rp", "field Rp", "field Rp"})
    void lockingCallbacks() {
        map.computeIfAbsent("a", _ -> number);
        concurrent.putAll(Map.of("b", 1, "c", 2));
        concurrent.forEach((_, _) -> Integer.toString(number));
        map.put("d", 1);
        map.forEach((_, _) -> Integer.toString(number));
    }

    @Expect({"monitorEnter RWp", "object RWp", "enterQuiet", "exitQuiet", "monitorExit RWp",
            "monitorEnter Rp", "object Rp", "enterQuiet", "exitQuiet", "monitorExit Rp",
            "monitorEnter Ra", "object Ra", "enterQuiet", "exitQuiet", "monitorExit Ra", "object Rp", "enterQuiet",
            "exitQuiet", "view"})
    void synchronizedCollections() {
        locking.add("x");
        locking.forEach(_ -> number++);
        new Vector<>().isEmpty();
        locking.iterator();
    }

    @Expect({"atomic RWar", "yield", "object RWp", "atomic Ra", "passed Rp", "identityHashCode"})
    void references() {
        IntSupplier increment = integer::incrementAndGet;
        increment.getAsInt();
        Runnable spin = Thread::onSpinWait;
        spin.run();
        Runnable clear = list::clear;
        clear.run();
        java.util.function.ToLongFunction<AtomicLong> get = AtomicLong::get;
        get.applyAsLong(new AtomicLong());
        IntSupplier hash = longs::hashCode;
        hash.getAsInt();
    }

    @Expect({"initializes", "initializes", "initialized", "staticField Rp", "staticField Wp", "initialized", "field Rp",
            "field Wp"})
    void initializerThatIsSeen() {
        seen = new Derived().number;
    }

    private static class Base {
        static final Object LOCK = new AtomicInteger();
        int number;
    }

    private static final class Derived extends Base {
        static {
            count++;
        }
    }

    @Expect({"enterQuiet", "exitQuiet", "staticField Rp"})
    void initializerOfConstants() {
        Late.get();
    }

    private static final class Late {
        private static int value;

        static {
            value = 2;
            for (int i = 0; i < 3; i++) {
                value += i;
            }
        }

        static int get() {
            return value;
        }
    }

    @Expect({"field Wp", "field Wp"})
    void constructors() {
        new Child(3);
    }

    private static class Parent {
        int size;

        Parent(int size) {
            this.size = size;
        }
    }

    private static final class Child extends Parent {
        private int early;
        private int late;

        Child(int size) {
            early = size;
            super(new int[size].length);
            late = 1;
        }
    }
}
