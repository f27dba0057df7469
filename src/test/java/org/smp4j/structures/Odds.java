package org.smp4j.structures;

import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.smp4j.linear.Operation;
import org.smp4j.linear.Range;
import org.smp4j.linear.State;
import org.smp4j.linear.Values;

/** Small objects, each for one rule of the check. */
public final class Odds {
    private Odds() {
    }

    /** Each thread may read a value that is out of date, but never goes back. */
    public static final class StaleRegister {
        private volatile int value;
        private final ThreadLocal<Integer> seen = ThreadLocal.withInitial(() -> 0);

        @Operation
        public void write(@Range(from = 1, to = 1) int to) {
            value = to;
            seen.set(to);
        }

        @Operation
        public int read() {
            int old = seen.get();
            seen.set(value);
            return old;
        }
    }

    /** As {@link StaleRegister}, but the first value that a thread reads is never out of date. */
    public static final class StaleLater {
        private volatile int value;
        private final ThreadLocal<Integer> seen = new ThreadLocal<>();

        @Operation
        public void write(@Range(from = 1, to = 1) int to) {
            value = to;
            seen.set(to);
        }

        @Operation
        public int read() {
            int now = value;
            Integer old = seen.get();
            seen.set(now);
            return old == null ? now : old;
        }
    }

    /** A register as it should be, to specify {@link StaleRegister}. */
    public static final class Register {
        private int value;

        public void write(int to) {
            value = to;
        }

        public int read() {
            return value;
        }
    }

    /** A plain counter between fences, which order nothing by themselves. */
    public static final class Fenced {
        private int count;

        @Operation
        public int increment() {
            VarHandle.fullFence();
            int now = ++count;
            VarHandle.fullFence();
            return now;
        }
    }

    /** Clears the arrays that it has returned; it loses increments. */
    public static final class Cleared {
        private volatile int count;
        private final List<int[]> given = new ArrayList<>();

        @Operation
        public int[] next() {
            int[] next = {++count};
            synchronized (given) {
                given.add(next);
            }
            return next;
        }

        @State
        public int clear() {
            given.forEach(each -> each[0] = 0);
            return 0;
        }
    }

    /** Clears the lists that it has returned; it loses increments. */
    public static final class ClearedLists {
        private volatile int count;
        private final List<List<Integer>> given = new ArrayList<>();

        @Operation
        public List<Integer> next() {
            List<Integer> next = new ArrayList<>(List.of(++count));
            synchronized (given) {
                given.add(next);
            }
            return next;
        }

        @State
        public int clear() {
            given.forEach(List::clear);
            return 0;
        }
    }

    /** Returns views of a map, which change with it and have no equals method. */
    public static final class Views {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();

        @Operation
        public Integer put(@Values({"a", "b"}) String key, @Range(from = 1, to = 2) int value) {
            return map.put(key, value);
        }

        @Operation
        public Integer get(@Values({"a", "b"}) String key) {
            return map.get(key);
        }

        @State
        public Collection<Integer> values() {
            return map.values();
        }
    }

    /** A value with an equals method. */
    public record Value(int number) {
    }

    /** Counts, in values. */
    public static final class Numbers {
        private int count;

        @Operation
        public synchronized Value next() {
            return new Value(++count);
        }
    }

    /** Counts by twos. */
    public static final class Twice {
        private int count;

        @Operation
        public synchronized Value next() {
            count += 2;
            return new Value(count);
        }
    }

    /** Specifies {@link Numbers}; a class with statics is loaded when it is first called. */
    public static final class NumbersWithStatics {
        /** Loaded late. */
        static final class Late {
            static int calls;

            private Late() {
            }
        }

        public Value next() {
            return new Value(++Late.calls);
        }
    }

    /** Specifies {@link Numbers}, with many steps. */
    public static final class NumbersInManySteps {
        private final AtomicInteger count = new AtomicInteger();

        public Value next() {
            for (int i = 0; i < 200; i++) {
                count.incrementAndGet();
            }
            return new Value(count.get() / 200);
        }
    }

    /** A plain counter. */
    public static final class PlainCounter {
        private int count;

        @Operation
        public int increment() {
            return ++count;
        }
    }

    /** Counts right, and returns nothing: only the state shows whether it does. */
    public static class SilentCounter {
        final AtomicInteger count = new AtomicInteger();

        @Operation
        public void increment() {
            count.incrementAndGet();
        }

        @State
        public int count() {
            return count.get();
        }
    }

    /** Loses increments. */
    public static final class LossyCounter extends SilentCounter {
        @Override
        @Operation
        public void increment() {
            count.set(count.get() + 1);
        }
    }

    /** Loses an increment only in a small part of a long operation. */
    public static final class RarelyLossy {
        private final AtomicInteger count = new AtomicInteger();
        private final AtomicInteger steps = new AtomicInteger();

        private void takeTime() {
            for (int i = 0; i < 100; i++) {
                steps.incrementAndGet();
            }
        }

        @Operation
        public int increment() {
            takeTime();
            int next = count.get() + 1;
            count.set(next);
            takeTime();
            return next;
        }
    }

    /** Two locks in two orders. */
    public static final class TwoLocks {
        private final Object one = new Object();
        private final Object other = new Object();

        @Operation
        public int forth() {
            synchronized (one) {
                synchronized (other) {
                    return 1;
                }
            }
        }

        @Operation
        public int back() {
            synchronized (other) {
                synchronized (one) {
                    return 2;
                }
            }
        }
    }

    /** A lock as an object with operations; a thread may take it more than once. */
    public static final class Reentrant {
        private Thread owner;
        private int holds;

        @Operation(blocking = true)
        public synchronized int lock() throws InterruptedException {
            while (owner != null && owner != Thread.currentThread()) {
                wait();
            }
            owner = Thread.currentThread();
            return ++holds;
        }

        @Operation
        public synchronized boolean unlock() {
            if (owner != Thread.currentThread()) {
                throw new IllegalMonitorStateException();
            }
            if (--holds == 0) {
                owner = null;
                notifyAll();
            }
            return true;
        }
    }

    /** A flag that the first of two signals sets without waking the waiter. */
    public static final class ForgottenWake {
        private boolean set;

        @Operation
        public synchronized void signal() {
            if (set) {
                notifyAll();
            }
            set = true;
        }

        @Operation(blocking = true)
        public synchronized void await() throws InterruptedException {
            while (!set) {
                wait();
            }
        }
    }

    /** Waits, and does not say so. */
    public static final class Undeclared {
        private boolean set;

        @Operation
        public synchronized void await() throws InterruptedException {
            while (!set) {
                wait();
            }
        }

        @Operation
        public synchronized void signal() {
            set = true;
            notifyAll();
        }
    }

    /** Waits a while, then gives up. */
    public static final class Patient {
        private boolean set;

        @Operation
        public synchronized boolean await() throws InterruptedException {
            if (!set) {
                wait(5000);
            }
            return set;
        }

        @Operation
        public synchronized void signal() {
            set = true;
            notifyAll();
        }
    }

    /** Returns objects without an equals method. */
    public static final class Identities {
        private final AtomicInteger count = new AtomicInteger();

        @Operation
        public Object next() {
            count.incrementAndGet();
            return new Object[0].clone() == null ? null : new StringBuilder("x");
        }
    }

    /** Returns arrays, which are compared by their elements. */
    public static final class Arrays {
        private final AtomicInteger count = new AtomicInteger();

        @Operation
        public int[] next() {
            return new int[] {count.incrementAndGet(), 7};
        }
    }

    /** A sequential list, to specify {@link Reversed}. */
    public static final class Plain {
        private final List<String> all = new ArrayList<>();

        public void add(String text) {
            all.add(text);
        }

        public String last() {
            return all.isEmpty() ? null : all.getLast();
        }
    }

    /** Adds at the wrong end: its own sequential runs agree with it. */
    public static final class Reversed {
        private final List<String> all = new ArrayList<>();

        @Operation
        public synchronized void add(@Values({"x", "y"}) String text) {
            all.addFirst(text);
        }

        @Operation
        public synchronized String last() {
            return all.isEmpty() ? null : all.getLast();
        }
    }

    /** For one consumer only. */
    public static final class SingleConsumer {
        private volatile int taken;
        private final AtomicInteger made = new AtomicInteger();

        @Operation
        public void put() {
            made.incrementAndGet();
        }

        @Operation(nonParallel = "consumer")
        public boolean take() {
            if (taken == made.get()) {
                return false;
            }
            taken++;
            return true;
        }
    }

    /** As {@link SingleConsumer}, without saying so. */
    public static final class AnyConsumer {
        private volatile int taken;
        private final AtomicInteger made = new AtomicInteger();

        @Operation
        public void put() {
            made.incrementAndGet();
        }

        @Operation
        public int take() {
            int next = taken;
            if (next == made.get()) {
                return -1;
            }
            taken = next + 1;
            return next;
        }
    }

    /** An assertion of its own fails when two operations meet. */
    public static final class Asserts {
        private final AtomicInteger inside = new AtomicInteger();

        @Operation
        public int enter() {
            int others = inside.getAndIncrement();
            assert others == 0 : others + " others";
            inside.getAndDecrement();
            return others;
        }
    }

    /** Keeps state in a static field. */
    public static final class Statics {
        private static int count;

        @Operation
        public int next() {
            synchronized (Statics.class) {
                return ++count;
            }
        }
    }

    /** The same operations throw where they don't in any sequential run. */
    public static final class Throws {
        private volatile int value;

        @Operation
        public int set(@Range(from = 1, to = 2) int to) {
            value = to;
            int now = value;
            if (now != to) {
                throw new IllegalStateException("disturbed");
            }
            return now;
        }
    }
}
