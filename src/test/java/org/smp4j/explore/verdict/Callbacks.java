package org.smp4j.explore.verdict;

import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/** Callbacks from JDK calls may lock, wait and use shared objects, or are refused. */
final class Callbacks {
    private Callbacks() {
    }

    /** Increments under one monitor, one of them in a function of a map. */
    @Gives(Verdict.PASS)
    public static class MonitorInFunction implements Runnable {
        private final Map<String, Integer> map = new ConcurrentHashMap<>();
        private volatile int count;

        private synchronized void add() {
            count++;
        }

        @Override
        public void run() {
            Threads.join(Threads.start("plain", this::add), Threads.start("inside", () -> map.compute("a", (_, _) -> {
                add();
                return 1;
            })));
            Threads.require(count == 2 && map.get("a") == 1, "count " + count);
        }
    }

    /** The same under one lock. */
    @Gives(Verdict.PASS)
    public static class LockInFunction implements Runnable {
        private final ConcurrentMap<String, Integer> map = new ConcurrentHashMap<>();
        private final ReentrantLock lock = new ReentrantLock();
        private volatile int count;

        private int add() {
            lock.lock();
            try {
                return ++count;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void run() {
            Threads.join(Threads.start("plain", this::add),
                    Threads.start("inside", () -> map.computeIfAbsent("a", _ -> add())));
            Threads.require(count == 2, "count " + count);
        }
    }

    /** Functions of one key are ordered. */
    @Gives(Verdict.PASS)
    public static class SameKey implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        private volatile int count;

        private int add(String key, int ignored) {
            return ++count;
        }

        @Override
        public void run() {
            map.put("a", 0);
            Threads.join(Threads.start("one", () -> map.computeIfPresent("a", this::add)),
                    Threads.start("two", () -> map.merge("a", 5, (_, _) -> ++count)));
            Threads.require(count == 2 && map.get("a") == 2, "count " + count);
        }
    }

    /** Functions of two keys are not ordered. */
    @Gives(Verdict.FAILURE)
    public static class TwoKeys implements Runnable {
        private final ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        private volatile int count;

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> map.compute(1, (_, _) -> ++count)),
                    Threads.start("two", () -> map.compute(2, (_, _) -> ++count)));
            Threads.require(count == 2, "count " + count);
        }
    }

    /** The same with increments of a plain field. */
    @Gives(Verdict.FAILURE)
    public static class TwoKeysPlain implements Runnable {
        private final ConcurrentHashMap<Integer, Integer> map = new ConcurrentHashMap<>();
        private int count;

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> map.computeIfAbsent(1, _ -> ++count)),
                    Threads.start("two", () -> map.computeIfAbsent(2, _ -> ++count)));
            Threads.require(count == 2, "count " + count);
        }
    }

    /** One key orders the accesses of its functions. */
    @Gives(Verdict.NO_RACE)
    public static class OneKeyOrders implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        private int data;

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> map.compute("a", (_, _) -> ++data)),
                    Threads.start("two", () -> map.compute("a", (_, _) -> ++data)));
        }
    }

    /** Two keys do not. */
    @Gives(Verdict.RACE)
    public static class TwoKeysOrderNothing implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        private int data;

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> map.compute("a", (_, _) -> ++data)),
                    Threads.start("two", () -> map.compute("b", (_, _) -> ++data)));
        }
    }

    /** The writes of a function are published with its value. */
    @Gives(Verdict.NO_RACE)
    public static class HandsOver implements Runnable {
        private final ConcurrentHashMap<String, int[]> map = new ConcurrentHashMap<>();

        private static int[] made() {
            int[] made = new int[1];
            made[0] = 7;
            return made;
        }

        @Override
        public void run() {
            Threads.join(Threads.start("makes", () -> map.computeIfAbsent("a", _ -> made())),
                    Threads.start("reads", () -> {
                int[] found = map.get("a");
                Threads.require(found == null || found[0] == 7, "not made yet");
            }), Threads.start("removes", () -> {
                int[] found = map.remove("a");
                Threads.require(found == null || found[0] == 7, "not made yet");
            }));
        }
    }

    /** A change of the whole map publishes as well. */
    @Gives(Verdict.NO_RACE)
    public static class HandsOverAll implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        private int data;

        @Override
        public void run() {
            Threads.join(Threads.start("all", () -> {
                data = 1;
                map.putAll(Map.of("a", 1, "b", 2));
            }), Threads.start("one", () -> {
                if (map.remove("a") != null) {
                    Threads.require(data == 1, "data");
                }
            }));
        }
    }

    /** A key and a monitor, taken in two orders. */
    @Gives(value = Verdict.DEADLOCK, saying = "waits for the function of")
    public static class TwoOrders implements Runnable {
        final Map<String, Integer> map = new ConcurrentHashMap<>();

        void change() {
            map.put("a", 1);
        }

        @Override
        public void run() {
            map.put("a", 0);
            Threads.join(Threads.start("one", () -> {
                synchronized (this) {
                    change();
                }
            }), Threads.start("two", () -> map.compute("a", (_, value) -> {
                synchronized (this) {
                    return value + 1;
                }
            })));
        }
    }

    /** A thread that would add a value to a key that has one does not wait for the key. */
    @Gives(Verdict.PASS)
    public static class FoundWithoutLock extends TwoOrders {
        @Override
        void change() {
            Threads.require(map.putIfAbsent("a", 5) != null, "it was there");
            Threads.require(map.computeIfAbsent("a", _ -> 5) != 5, "it was there");
            Threads.require(map.get("a") != 5, "it was there");
        }
    }

    /** Parks in a function, and no thread unparks it. */
    @Gives(Verdict.DEADLOCK)
    public static class ParkedInFunction implements Runnable {
        private final Map<String, Integer> map = new ConcurrentHashMap<>();

        @Override
        public void run() {
            Threads.join(Threads.start("parks", () -> map.computeIfAbsent("a", _ -> {
                LockSupport.park();
                return 1;
            })), Threads.start("other", () -> map.put("b", 1)));
        }
    }

    /** A function that throws leaves the value as it was, and the key free. */
    @Gives(Verdict.PASS)
    public static class FunctionThrows implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        private volatile int count;

        private void fails() {
            try {
                map.merge("a", 2, (_, _) -> {
                    count++;
                    throw new IllegalArgumentException("on purpose");
                });
            } catch (IllegalArgumentException e) {
                count++;
            }
        }

        @Override
        public void run() {
            map.put("a", 1);
            Threads.join(Threads.start("fails", this::fails),
                    Threads.start("other", () -> map.computeIfPresent("a", (_, value) -> value == 1 ? null : value)));
            Threads.require(count == 2 && map.get("a") == null || count == 0 && map.get("a") == 2,
                    "count " + count + ", " + map);
        }
    }

    /** A function must not change its map. */
    @Gives(value = Verdict.REFUSAL, saying = "the change of a map by a function that computes one of its values")
    public static class ChangesItsMap implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> map.compute("a", (_, _) -> map.put("b", 1))),
                    Threads.start("two", () -> map.put("a", 1)));
        }
    }

    /** A thread that clears the map meanwhile: its progress is not modelled. */
    @Gives(value = Verdict.REFUSAL, saying = "clear while a function computes a value")
    public static class ClearedMeanwhile implements Runnable {
        private final ConcurrentHashMap<String, Integer> map = new ConcurrentHashMap<>();
        private volatile int count;

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> map.compute("a", (_, _) -> ++count)),
                    Threads.start("two", map::clear));
        }
    }

    /** A list that locks while it calls back. */
    @Gives(value = Verdict.REFUSAL, saying = "calls back, and shares something, locks or waits")
    public static class LockedList implements Runnable {
        private final List<Integer> list = new CopyOnWriteArrayList<>(List.of(1, 2));
        private volatile int count;

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> list.removeIf(_ -> count++ > 0)),
                    Threads.start("two", () -> count++));
        }
    }

    /** A function of an atomic that takes a monitor. */
    @Gives(value = Verdict.REFUSAL, saying = "calls back, and shares something, locks or waits")
    public static class UpdateOfAtomic implements Runnable {
        private final AtomicInteger atomic = new AtomicInteger();

        private synchronized int next(int value) {
            return value + 1;
        }

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> atomic.updateAndGet(this::next)),
                    Threads.start("two", () -> next(1)));
        }
    }

    /** A function that uses nothing shared is fine. */
    @Gives(Verdict.PASS)
    public static class UpdatesOfAtomic implements Runnable {
        private final AtomicInteger atomic = new AtomicInteger();

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> atomic.updateAndGet(value -> value + 1)),
                    Threads.start("two", () -> atomic.accumulateAndGet(2, Integer::sum)));
            Threads.require(atomic.get() == 3, "lost");
        }
    }

    /** The program's own map behind the interface: its code is explored, and it has no lock. */
    @Gives(Verdict.FAILURE)
    public static class OwnMap implements Runnable {
        private static final class Slow extends AbstractMap<String, Integer> {
            private volatile int size;

            @Override
            public Integer put(String key, Integer value) {
                size = size + 1;
                return null;
            }

            @Override
            public int size() {
                return size;
            }

            @Override
            public Set<Entry<String, Integer>> entrySet() {
                return Set.of();
            }
        }

        private final Map<String, Integer> map = new Slow();

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> map.put("a", 1)), Threads.start("two", () -> map.put("b", 1)));
            Threads.require(map.size() == 2, "size " + map.size());
        }
    }

    /** The program's own list that locks is not mistaken for one without a lock. */
    @Gives(Verdict.NO_RACE)
    public static class OwnList implements Runnable {
        private static final class Locked extends ArrayList<Integer> {
            private static final long serialVersionUID = 1L;

            @Override
            public synchronized boolean add(Integer value) {
                return super.add(value);
            }
        }

        private final List<Integer> list = new Locked();

        @Override
        public void run() {
            Threads.join(Threads.start("one", () -> list.add(1)), Threads.start("two", () -> list.add(2)));
        }
    }
}
