package org.smp4j.explore.instrument;

import java.lang.invoke.ConstantBootstraps;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.Vector;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import java.util.function.IntSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** An ordinary class with one of every construct; its output must be the same when it is rewritten. */
public final class Everything implements Supplier<String> {
    private static final VarHandle INT;
    private static final VarHandle LONG;
    private static final VarHandle DOUBLE;
    private static final VarHandle FLOAT;
    private static final VarHandle BYTE;
    private static final VarHandle REF = ConstantBootstraps.fieldVarHandle(MethodHandles.lookup(), "ref",
            VarHandle.class, Base.class, Object.class);
    private static final VarHandle STATIC;
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle STRINGS = MethodHandles.arrayElementVarHandle(String[].class);
    private static int count;
    private static long total;
    private static volatile boolean seen;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            INT = lookup.findVarHandle(Base.class, "number", int.class);
            LONG = lookup.findVarHandle(Base.class, "wide", long.class).withInvokeExactBehavior();
            DOUBLE = lookup.findVarHandle(Base.class, "real", double.class);
            FLOAT = lookup.findVarHandle(Base.class, "small", float.class);
            BYTE = lookup.findVarHandle(Base.class, "tiny", byte.class);
            STATIC = lookup.findStaticVarHandle(Everything.class, "count", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
        for (int i = 0; i < 3; i++) {
            total += i;
        }
    }

    static class Base {
        int number;
        long wide;
        double real;
        float small;
        byte tiny;
        Object ref;
        volatile long stamp;
        final String name;

        Base(String name) {
            this.name = name;
        }
    }

    /** Fields set before the superclass constructor runs, and arguments computed for it. */
    static final class Derived extends Base {
        private final int early;
        private long alsoEarly;
        private String late;

        Derived(int[] values, boolean flag) {
            int sum = values[0] + values[1];
            early = sum;
            alsoEarly = 2L * sum;
            super(flag ? new String("a") + new StringBuilder("b").append(sum)
                    : Objects.requireNonNull(String.valueOf(new Object() == null)));
            late = name + early;
            alsoEarly++;
        }
    }

    enum Shade {
        LIGHT {
            @Override
            int weight() {
                return ++weighed;
            }
        },
        DARK {
            @Override
            int weight() {
                return weighed += 10;
            }
        };

        private static int weighed;

        abstract int weight();
    }

    sealed interface Shape permits Circle, Box {
    }

    record Circle(int radius) implements Shape {
    }

    record Box(int width, Shape inner) implements Shape {
        Box {
            count += width;
        }
    }

    interface Counting {
        VarHandle NUMBER = INT;

        Base base();

        default int bump() {
            return (int) NUMBER.getAndAdd(base(), 5) + add(base());
        }

        private static int add(Base base) {
            AtomicInteger local = new AtomicInteger(base.number);
            IntSupplier next = local::incrementAndGet;
            return next.getAsInt();
        }
    }

    static final class Own extends ArrayList<String> {
        private static final long serialVersionUID = 1L;
        private int added;

        @Override
        public boolean add(String value) {
            added++;
            return super.add(value + added);
        }
    }

    static final class Worker extends Thread {
        private int worked;

        @Override
        public void run() {
            synchronized (this) {
                worked++;
                notifyAll();
            }
        }
    }

    private final StringBuilder out = new StringBuilder();
    private final ThreadLocal<Integer> local = ThreadLocal.withInitial(() -> 7);

    private void say(Object... what) {
        out.append(Arrays.toString(what)).append('\n');
    }

    @Override
    public String get() {
        handles();
        exchanges();
        atomics();
        arrays();
        classes();
        controlFlow();
        collections();
        references();
        try {
            threads();
            monitors();
        } catch (InterruptedException e) {
            say("interrupted");
        }
        return out.toString();
    }

    private void handles() {
        Base base = new Base("handles");
        INT.set(base, 1);
        INT.setVolatile(base, (int) INT.getAcquire(base) + 1);
        INT.setOpaque(base, (int) INT.getOpaque(base) + 1);
        INT.setRelease(base, (int) INT.get(base) + 1);
        say((int) INT.getVolatile(base), (int) INT.getAndAdd(base, 3), (int) INT.getAndBitwiseOr(base, 64),
                (int) INT.getAndSet(base, 9));
        INT.getAndAdd(base, 2);
        LONG.set(base, 5L);
        say((long) LONG.getAndAddRelease(base, 6L), (long) LONG.getVolatile(base), base.wide);
        DOUBLE.set(base, 1.5);
        FLOAT.set(base, 2.5f);
        BYTE.set(base, (byte) 3);
        say((double) DOUBLE.getAcquire(base), (float) FLOAT.get(base), (byte) BYTE.getVolatile(base), base.real,
                base.small, base.tiny);
        REF.setRelease(base, "text");
        say((String) REF.getAcquire(base), (Object) REF.getAndSet(base, null));
        STATIC.setVolatile(4);
        say((int) STATIC.getAndAdd(1), count);
        long[] longs = new long[3];
        LONGS.setVolatile(longs, 1, 8L);
        say((long) LONGS.getAndAdd(longs, 1, 1L), longs[1]);
        String[] strings = {"x", "y"};
        STRINGS.setRelease(strings, 0, "z");
        say((String) STRINGS.getVolatile(strings, 0), strings[0]);
        VarHandle.fullFence();
        VarHandle.acquireFence();
        VarHandle.storeStoreFence();
        thrown(() -> (int) INT.get((Base) null) == 0);
        thrown(() -> (long) LONGS.get(longs, 7) == 0);
        thrown(() -> LONG.compareAndSet(base, 1, 2));
    }

    private void exchanges() {
        Base base = new Base("exchanges");
        say(INT.compareAndSet(base, 0, 1), INT.compareAndSet(base, 0, 2), INT.weakCompareAndSetRelease(base, 5, 6));
        say((int) INT.compareAndExchange(base, 1, 3), (int) INT.compareAndExchangeAcquire(base, 1, 4));
        INT.compareAndExchange(base, 3, 5);
        say((long) LONG.compareAndExchange(base, 0L, 7L), (double) DOUBLE.compareAndExchange(base, 0.0, Double.NaN));
        say((double) DOUBLE.compareAndExchange(base, Double.NaN, 2.0), (float) FLOAT.compareAndExchange(base, -0f, 1f));
        say((byte) BYTE.compareAndExchange(base, (byte) 0, (byte) 9), BYTE.compareAndSet(base, (byte) 9, (byte) 1));
        Object token = new StringBuilder("t");
        REF.compareAndExchange(base, null, token);
        say(REF.compareAndExchange(base, token, "u"), (Object) REF.compareAndExchangeRelease(base, token, "v"),
                base.ref);
        say(STATIC.compareAndSet(count, 11), count, base.number, base.wide, base.real, base.small, base.tiny);
    }

    private void atomics() {
        AtomicInteger integer = new AtomicInteger(1);
        say(integer.incrementAndGet(), integer.getAndAdd(4), integer.updateAndGet(v -> v * 2),
                integer.accumulateAndGet(3, Math::max));
        say(integer.compareAndSet(12, 1), integer.compareAndExchange(1, 2), integer.get(), integer.intValue(), integer);
        integer.lazySet(5);
        integer.setPlain(integer.getPlain() + 1);
        AtomicLong wide = new AtomicLong();
        wide.set(wide.decrementAndGet());
        say(wide.compareAndExchange(-1, 5), wide.getAndUpdate(v -> v + count), wide.weakCompareAndSetPlain(1, 2),
                wide.toString());
        AtomicBoolean flag = new AtomicBoolean();
        say(flag.compareAndSet(false, true), flag.getAndSet(false), flag.compareAndExchange(false, true), flag.get());
        AtomicReference<String> reference = new AtomicReference<>("a");
        say(reference.getAndUpdate(s -> s + "b"), reference.compareAndSet("c", "d"),
                reference.compareAndExchange(reference.get(), "e"), reference.get());
        AtomicIntegerArray ints = new AtomicIntegerArray(3);
        say(ints.addAndGet(1, 4), ints.compareAndSet(1, 4, 5), ints.getAndUpdate(1, v -> v + 1), ints.get(1),
                ints.length(), ints);
        AtomicLongArray longs = new AtomicLongArray(2);
        say(longs.compareAndExchange(0, 0, 6), longs.incrementAndGet(0));
        AtomicReferenceArray<String> references = new AtomicReferenceArray<>(1);
        references.setRelease(0, "r");
        say(references.getAcquire(0), references.getAndSet(0, null));
        LongAdder adder = new LongAdder();
        adder.add(3);
        adder.increment();
        AtomicStampedReference<String> stamped = new AtomicStampedReference<>("s", 1);
        say(adder.sum(), stamped.compareAndSet("s", "t", 1, 2), stamped.getStamp());
        thrown(() -> ints.get(9) == 0);
    }

    private void arrays() {
        int[] ints = {1, 2, 3};
        long[] longs = {1, 2};
        byte[] bytes = {1, -1};
        boolean[] flags = new boolean[2];
        char[] chars = {'a'};
        short[] shorts = {5};
        float[] floats = {1f};
        double[][] doubles = new double[2][2];
        ints[1] += 5;
        longs[0] <<= 40;
        bytes[1]++;
        flags[0] = !flags[1];
        chars[0]++;
        shorts[0] = (short) -shorts[0];
        floats[0] /= 3;
        doubles[1][0] = longs[0] + ints[1]--;
        say(ints[1], longs[0], bytes[1], flags[0], chars[0], shorts[0], floats[0], doubles[1][0], ints.clone().length);
        Object[] objects = new String[1];
        thrown(() -> (objects[0] = 1) == null);
        thrown(() -> ints[3] == 0);
        thrown(() -> ((long[]) null)[0] == 0);
        thrown(() -> new int[-1] == null);
    }

    private void classes() {
        Derived derived = new Derived(ints(3, 4), true);
        say(derived.name, derived.early, derived.alsoEarly, derived.late, new Derived(ints(1, 1), false).late);
        derived.stamp += 2;
        thrown(() -> {
            Base nobody = null;
            nobody.stamp = 3;
            return true;
        });
        say(Shade.LIGHT.weight(), Shade.valueOf("DARK").weight(), Shade.values().length, derived.stamp);
        Shape shape = new Box(2, new Circle(5));
        say(switch (shape) {
            case Box(int width, Circle(int radius)) when radius > 4 -> width * radius;
            case Box box -> box.width();
            case Circle circle -> circle.radius();
        }, shape, shape.equals(new Box(2, new Circle(5))), shape.hashCode() == new Box(2, new Circle(5)).hashCode());
        for (Shade shade : Shade.values()) {
            switch (shade) {
                case LIGHT -> say("light");
                case DARK -> say("dark");
            }
        }
        Base base = new Base("counting");
        Counting counting = () -> base;
        say(counting.bump(), counting.bump(), base.number);
        say(new Object() {
            private int calls;

            int call() {
                return ++calls + count;
            }
        }.call());
        total += 3;
        seen = total > 5;
        say(total, seen);
    }

    private static int[] ints(int... values) {
        return values;
    }

    private int controlFlow(String key) {
        int sum = 0;
        for (int i = 0; i < 5; i++) {
            synchronized (this) {
                try {
                    if (i == 1) {
                        continue;
                    }
                    if (key.equals("return") && i == 2) {
                        return sum;
                    }
                    if (key.equals("break") && i == 3) {
                        break;
                    }
                    if (key.equals("throw") && i == 3) {
                        throw new IllegalStateException("at " + i);
                    }
                    sum += i;
                } catch (IllegalStateException e) {
                    sum += 100;
                } finally {
                    sum += 1000;
                    count++;
                }
            }
        }
        return switch (key) {
            case "return" -> -1;
            case "break", "throw" -> sum;
            default -> sum + 1;
        };
    }

    private synchronized int guarded(int value) {
        if (value < 0) {
            throw new IllegalArgumentException("negative");
        }
        return value == 0 ? 0 : 1 + guarded(value - 1);
    }

    private static synchronized long staticallyGuarded(long a, double b) {
        long sum = a;
        try {
            sum += (long) b;
        } finally {
            total++;
        }
        return sum;
    }

    private void controlFlow() {
        say(controlFlow("return"), controlFlow("break"), controlFlow("throw"), controlFlow("none"), count);
        say(guarded(3), staticallyGuarded(3, 4.5));
        thrown(() -> guarded(-1) == 0);
        say(guarded(1));
        thrown(() -> {
            synchronized (local.get() == 0 ? "" : (Object) null) {
                return true;
            }
        });
    }

    private void collections() {
        Map<String, Integer> map = new HashMap<>();
        map.merge("a", 1, Integer::sum);
        map.computeIfAbsent("b", _ -> ++count);
        Map<String, List<String>> concurrent = new ConcurrentHashMap<>();
        concurrent.computeIfAbsent("k", _ -> new ArrayList<>()).add("v");
        ConcurrentHashMap<String, Integer> chm = new ConcurrentHashMap<>();
        chm.compute("x", (_, old) -> old == null ? count : old);
        chm.forEach((key, value) -> say(key, value));
        say(map.get("a"), map.containsKey("b"), concurrent, chm.size());
        List<Integer> list = new CopyOnWriteArrayList<>(List.of(3, 1, 2));
        for (int value : list) {
            say(value);
        }
        Deque<String> deque = new ArrayDeque<>();
        deque.push("d");
        say(deque.peekFirst(), deque.poll(), deque.isEmpty());
        Own own = new Own();
        own.add("o");
        say(own, own.added, own.get(0));
        Vector<Object> vector = new Vector<>();
        vector.add(own);
        say(vector.contains(own), Collections.synchronizedList(vector).indexOf(own));
        Map<Shade, String> shades = new EnumMap<>(Map.of(Shade.DARK, "d"));
        shades.putIfAbsent(Shade.LIGHT, "l");
        say(shades, list.stream().map(v -> v + count).toList(), Set.of(1), new HashSet<>(list).size());
        map.entrySet().removeIf(entry -> entry.getValue() == 1);
        for (Map.Entry<String, Integer> entry : map.entrySet()) {
            entry.setValue(entry.getValue() + 1);
        }
        say(map);
    }

    private void references() {
        AtomicInteger counter = new AtomicInteger(5);
        IntSupplier next = counter::incrementAndGet;
        Function<AtomicInteger, Integer> get = AtomicInteger::get;
        IntBinaryOperator change = counter::compareAndExchange;
        Set<String> set = new HashSet<>();
        Predicate<String> add = set::add;
        Supplier<Thread> current = Thread::currentThread;
        Runnable spin = Thread::onSpinWait;
        Supplier<ArrayList<String>> make = ArrayList::new;
        Function<Object, Integer> hash = Object::hashCode;
        Supplier<Integer> get7 = local::get;
        spin.run();
        say(next.getAsInt(), get.apply(counter), change.applyAsInt(6, 8), counter, add.test("p"), add.test("p"),
                make.get(), hash.apply("hash"),
                current.get() == Thread.currentThread(), get7.get());
        ConcurrentLinkedQueue<String> queue = new ConcurrentLinkedQueue<>(List.of("1", "2"));
        BooleanSupplier empty = queue::isEmpty;
        Supplier<String> poll = queue::poll;
        say(poll.get(), poll.get(), empty.getAsBoolean());
        Runnable constant = Constants.YIELD;
        constant.run();
    }

    private static final class Constants {
        static final Runnable YIELD = Thread::yield;
    }

    private void threads() throws InterruptedException {
        Worker worker = new Worker();
        worker.setName("worker");
        say(worker.getName(), worker.isAlive(), worker.getState(), Thread.interrupted(), worker.threadId() > 0,
                local.get());
        local.set(8);
        say(local.get());
        local.remove();
        say(local.get());
        synchronized (worker) {
            worker.start();
            while (worker.worked == 0) {
                worker.wait();
            }
        }
        worker.join();
        worker.join(1);
        say(worker.join(Duration.ofMillis(1)), worker.join(Duration.ZERO), worker.isAlive(), worker.getState(),
                worker.isInterrupted());
        Thread.currentThread().interrupt();
        LockSupport.park();
        LockSupport.park(this);
        say(Thread.currentThread().isInterrupted(), Thread.interrupted());
        LockSupport.unpark(Thread.currentThread());
        LockSupport.parkNanos(this, 5);
        LockSupport.parkNanos(5);
        TimeUnit.NANOSECONDS.sleep(1);
        say(System.nanoTime() != 0, System.currentTimeMillis() > 0, Runtime.getRuntime().availableProcessors() > 0,
                Boolean.getBoolean("none"));
        Object object = new Object();
        say(object.hashCode() == System.identityHashCode(object), ((Object) "s").hashCode(),
                super.hashCode() == hashCode(), worker.hashCode() != 0);
    }

    private void monitors() throws InterruptedException {
        ReentrantLock lock = new ReentrantLock();
        lock.lock();
        say(lock.tryLock(), lock.isHeldByCurrentThread());
        lock.unlock();
        lock.unlock();
        Lock open = lock;
        open.lock();
        say(open.tryLock());
        open.unlock();
        open.unlock();
        say(lock.isHeldByCurrentThread());
        thrown(() -> {
            lock.unlock();
            return true;
        });
        synchronized (lock) {
            lock.wait(1);
            lock.wait(0, 1);
            lock.notify();
        }
    }

    private void thrown(BooleanSupplier action) {
        try {
            say(action.getAsBoolean());
        } catch (RuntimeException e) {
            say(e.getClass().getName(), e instanceof ArrayStoreException || e instanceof IllegalArgumentException
                    ? e.getMessage() : "");
        }
    }
}
