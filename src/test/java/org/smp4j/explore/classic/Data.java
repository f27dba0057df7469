package org.smp4j.explore.classic;

import static org.smp4j.explore.classic.Together.check;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** Races on data, each with its correct twin. */
public final class Data {
    private Data() {
    }

    /** Read, add, write. */
    public static class LostUpdate implements Runnable {
        final AtomicInteger count = new AtomicInteger();

        void add() {
            count.set(count.get() + 1);
        }

        @Override
        public void run() {
            Together.run(this::add, this::add);
            check(count.get() == 2, "count is " + count.get());
        }
    }

    /** In one step. */
    public static final class AtomicUpdate extends LostUpdate {
        @Override
        void add() {
            count.incrementAndGet();
        }
    }

    /** Published first, filled in later. */
    public static class DoubleChecked implements Runnable {
        static final class Config {
            int value;
        }

        volatile Config config;

        void make() {
            config = new Config();
            config.value = 42;
        }

        private void use() {
            if (config == null) {
                synchronized (this) {
                    if (config == null) {
                        make();
                    }
                }
            }
            check(config.value == 42, "half made");
        }

        @Override
        public void run() {
            Together.run(this::use, this::use);
        }
    }

    /** Filled in first, then published. */
    public static final class DoubleCheckedRight extends DoubleChecked {
        @Override
        void make() {
            Config made = new Config();
            made.value = 42;
            config = made;
        }
    }

    /**
     * A Treiber stack that reuses nodes, with the ABA problem: a head that was popped and pushed meanwhile looks
     * unchanged.
     */
    public static class TreiberStack implements Runnable {
        static final class Node {
            final String name;
            Node next;

            Node(String name) {
                this.name = name;
            }
        }

        final AtomicReference<Node> head = new AtomicReference<>();

        void push(Node node) {
            do {
                node.next = head.get();
            } while (!head.compareAndSet(node.next, node));
        }

        Node pop() {
            for (;;) {
                Node top = head.get();
                if (top == null || head.compareAndSet(top, top.next)) {
                    return top;
                }
            }
        }

        Node again(Node popped) {
            return popped;
        }

        @Override
        public void run() {
            push(new Node("B"));
            push(new Node("A"));
            Node[] taken = new Node[3];
            Together.run(() -> taken[0] = pop(), () -> {
                taken[1] = pop();
                taken[2] = pop();
                if (taken[1] != null) {
                    push(again(taken[1]));
                }
            });
            int nodes = 0;
            for (Node node = pop(); node != null; node = pop()) {
                nodes++;
                check(taken[2] == null || !node.name.equals(taken[2].name),
                        taken[2] == null ? "" : taken[2].name + " was popped twice");
            }
            check(nodes <= 1, nodes + " nodes");
        }
    }

    /** With new nodes only; the collector keeps an old node as long as a thread refers to it. */
    public static final class FreshNodes extends TreiberStack {
        @Override
        Node again(Node popped) {
            return new Node(popped.name);
        }
    }

    /** Two halves of one value. */
    public static class TornPair implements Runnable {
        private volatile int low;
        private volatile int high;

        void write(int value) {
            low = value;
            high = value;
        }

        void read() {
            int first = low;
            int second = high;
            check(first == second, first + " and " + second);
        }

        @Override
        public void run() {
            Together.run(() -> write(1), this::read);
        }
    }

    /** Two halves in one immutable object. */
    public static final class WholePair extends TornPair {
        private record Pair(int low, int high) {
        }

        private volatile Pair pair = new Pair(0, 0);

        @Override
        void write(int value) {
            pair = new Pair(value, value);
        }

        @Override
        void read() {
            Pair seen = pair;
            check(seen.low == seen.high, seen.toString());
        }
    }

    /** Checks, then puts. */
    public static class CheckThenAct implements Runnable {
        final ConcurrentHashMap<String, Object> map = new ConcurrentHashMap<>();

        Object get() {
            Object known = map.get("key");
            if (known == null) {
                known = new Object();
                map.put("key", known);
            }
            return known;
        }

        @Override
        public void run() {
            Object[] got = new Object[2];
            Together.run(() -> got[0] = get(), () -> got[1] = get());
            check(got[0] == got[1], "there are two");
        }
    }

    /** In one call. */
    public static final class PutIfAbsent extends CheckThenAct {
        @Override
        Object get() {
            Object made = new Object();
            Object known = map.putIfAbsent("key", made);
            return known == null ? made : known;
        }
    }

    /** A sequence lock whose reader does not check the sequence again. */
    public static class Seqlock implements Runnable {
        private volatile int sequence;
        private volatile int left;
        private volatile int right;

        boolean unchanged(int before) {
            return true;
        }

        final int sequence() {
            return sequence;
        }

        private void write() {
            sequence++;
            left = 7;
            right = 7;
            sequence++;
        }

        private void read() {
            for (;;) {
                int before = sequence;
                if ((before & 1) == 0) {
                    int first = left;
                    int second = right;
                    if (unchanged(before)) {
                        check(first == second, first + " and " + second);
                        return;
                    }
                }
                Thread.onSpinWait();
            }
        }

        @Override
        public void run() {
            Together.run(this::write, this::read);
        }
    }

    /** Its reader checks the sequence again. */
    public static final class SeqlockRight extends Seqlock {
        @Override
        boolean unchanged(int before) {
            return sequence() == before;
        }
    }
}
