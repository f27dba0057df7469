package org.smp4j.explore.juc;

import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicMarkableReference;
import java.util.concurrent.atomic.AtomicStampedReference;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.smp4j.explore.verdict.Gives;
import org.smp4j.explore.verdict.Threads;
import org.smp4j.explore.verdict.Verdict;

/** Concurrent collections, adders and references: two calls in a row are not one. */
final class Sets {
    private Sets() {
    }

    /** Takes what is there, if something is there. */
    private abstract static class Takes extends Parts.Pair {
        private final Queue<Integer> queue = made();

        abstract Queue<Integer> made();

        @Override
        final void body(int number) {
            if (number == 0) {
                queue.add(1);
                queue.add(2);
            }
            take(queue);
        }

        @Override
        final void after() {
            Threads.require(count <= 3, "taken " + count);
        }

        abstract void take(Queue<Integer> from);
    }

    private abstract static class LooksThenTakes extends Takes {
        @Override
        final void take(Queue<Integer> from) {
            if (!from.isEmpty()) {
                from.remove();
                from.clear();
            }
        }
    }

    private abstract static class Polls extends Takes {
        @Override
        final void take(Queue<Integer> from) {
            Integer taken = from.poll();
            if (taken != null) {
                seen = taken;
            }
        }
    }

    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"}, schedules = 500, saying = "NoSuchElementException")
    public static class LinkedQueue extends LooksThenTakes {
        @Override
        Queue<Integer> made() {
            return new ConcurrentLinkedQueue<>();
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 500)
    public static class LinkedQueuePolled extends Polls {
        @Override
        Queue<Integer> made() {
            return new ConcurrentLinkedQueue<>();
        }
    }

    @Gives(value = Verdict.FAILURE, by = "portfolio", schedules = 500, saying = "NoSuchElementException")
    public static class LinkedDeque extends LooksThenTakes {
        @Override
        Queue<Integer> made() {
            return new ConcurrentLinkedDeque<>();
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 500)
    public static class LinkedDequePolled extends Polls {
        @Override
        Queue<Integer> made() {
            return new ConcurrentLinkedDeque<>();
        }
    }

    /** Both threads add one to the value of a key. */
    private abstract static class Counts extends Parts.Pair {
        final ConcurrentMap<String, Integer> map = new ConcurrentSkipListMap<>();

        @Override
        final void after() {
            Threads.require(map.get("k") == 2, "the map has " + map);
        }
    }

    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"}, schedules = 500)
    public static class SkipListMap extends Counts {
        @Override
        void body(int number) {
            map.put("k", map.getOrDefault("k", 0) + 1);
        }
    }

    @Gives(value = Verdict.PASS, by = "portfolio", schedules = 500)
    public static class SkipListMapReplaced extends Counts {
        @Override
        void body(int number) {
            for (;;) {
                Integer old = map.putIfAbsent("k", 1);
                if (old == null || map.replace("k", old, old + 1)) {
                    return;
                }
            }
        }
    }

    /** Both threads add the same element; only one may say that it was new. */
    private abstract static class Adds extends Parts.Pair {
        private final Set<Integer> set;
        private final boolean looks;

        Adds(Supplier<Set<Integer>> made, boolean looks) {
            set = made.get();
            this.looks = looks;
        }

        @Override
        final void body(int number) {
            boolean isNew = !looks || !set.contains(1);
            if (looks) {
                set.add(1);
            } else {
                isNew = set.add(1);
            }
            if (isNew) {
                synchronized (this) {
                    count++;
                }
            }
        }

        @Override
        final void after() {
            Threads.require(count == 1, "new for " + count);
        }
    }

    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"}, schedules = 500)
    public static class SkipListSet extends Adds {
        public SkipListSet() {
            super(ConcurrentSkipListSet::new, true);
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 500)
    public static class SkipListSetAsked extends Adds {
        public SkipListSetAsked() {
            super(ConcurrentSkipListSet::new, false);
        }
    }

    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"}, schedules = 500)
    public static class ArraySet extends Adds {
        public ArraySet() {
            super(CopyOnWriteArraySet::new, true);
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 500)
    public static class ArraySetAsked extends Adds {
        public ArraySetAsked() {
            super(CopyOnWriteArraySet::new, false);
        }
    }

    /** Adds what is absent, in two calls or in one. */
    private abstract static class Listed extends Parts.Pair {
        final CopyOnWriteArrayList<Integer> list = new CopyOnWriteArrayList<>();

        @Override
        final void after() {
            Threads.require(list.size() == 1, "the list has " + list);
        }
    }

    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"}, schedules = 500)
    public static class ArrayList extends Listed {
        @Override
        void body(int number) {
            if (!list.contains(1)) {
                list.add(1);
            }
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 500)
    public static class ArrayListIfAbsent extends Listed {
        @Override
        void body(int number) {
            list.addIfAbsent(1);
        }
    }

    /** The sum is read while another thread adds. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"}, schedules = 500)
    public static class Adder extends Parts.Pair {
        private final LongAdder adder = new LongAdder();

        @Override
        void body(int number) {
            adder.increment();
            if (number == 0) {
                Threads.require(adder.sum() == 2, "the sum is " + adder);
            }
        }

        @Override
        void after() {
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 500)
    public static class AdderAfterwards extends Parts.Pair {
        private final LongAdder adder = new LongAdder();
        private final LongAccumulator most = new LongAccumulator(Math::max, 0);

        @Override
        void body(int number) {
            adder.increment();
            most.accumulate(number);
        }

        @Override
        void after() {
            Threads.require(adder.sum() == 2 && most.get() == 1, adder + " and " + most);
        }
    }

    /** A stamp is read apart from the value that it belongs to. */
    @Gives(value = Verdict.FAILURE, by = {"portfolio", "dpor"}, schedules = 500)
    public static class Stamped extends Parts.Pair {
        private final AtomicStampedReference<String> cell = new AtomicStampedReference<>("zero", 0);

        @Override
        void body(int number) {
            if (number == 0) {
                cell.set("one", 1);
            } else {
                String value = cell.getReference();
                Threads.require(value.equals(cell.getStamp() == 0 ? "zero" : "one"), "torn");
            }
        }

        @Override
        void after() {
        }
    }

    @Gives(value = Verdict.PASS, by = {"portfolio", "dpor"}, schedules = 500)
    public static class Marked extends Parts.Pair {
        private final AtomicMarkableReference<String> cell = new AtomicMarkableReference<>("zero", false);

        @Override
        void body(int number) {
            if (number == 0) {
                cell.set("one", true);
            } else {
                boolean[] mark = new boolean[1];
                String value = cell.get(mark);
                Threads.require(value.equals(mark[0] ? "one" : "zero"), "torn");
            }
        }

        @Override
        void after() {
        }
    }
}
