package org.smp4j.structures;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import org.smp4j.linear.Operation;
import org.smp4j.linear.Range;
import org.smp4j.linear.State;

/** Treiber's stack, in several makes. */
public final class Stacks {
    private Stacks() {
    }

    private record Node(int value, Node next) {
    }

    /** The right one. */
    public static class Treiber {
        final AtomicReference<Node> top = new AtomicReference<>();

        @Operation
        public void push(@Range(from = 1, to = 3) int value) {
            for (;;) {
                Node old = top.get();
                if (top.compareAndSet(old, new Node(value, old))) {
                    return;
                }
            }
        }

        @Operation
        public Integer pop() {
            for (;;) {
                Node old = top.get();
                if (old == null) {
                    return null;
                }
                if (top.compareAndSet(old, old.next)) {
                    return old.value;
                }
            }
        }
    }

    /** Takes an element with get and set. */
    public static final class GetAndSet extends Treiber {
        @Override
        @Operation
        public Integer pop() {
            Node old = top.get();
            if (old == null) {
                return null;
            }
            top.set(old.next);
            return old.value;
        }
    }

    /** Nodes are numbers, and are used again. The word has the number of the top node, and a tag above it. */
    public static class Pooled {
        private static final int NONE = 0xff;
        private static final int NODES = 8;
        private final AtomicInteger top = new AtomicInteger(NONE);
        private final AtomicInteger free = new AtomicInteger(0);
        private final AtomicIntegerArray next = new AtomicIntegerArray(NODES);
        private final AtomicIntegerArray values = new AtomicIntegerArray(NODES);
        private final int tag;

        public Pooled() {
            this(NONE + 1);
        }

        Pooled(int tag) {
            this.tag = tag;
            for (int i = 0; i < NODES; i++) {
                next.set(i, i + 1 < NODES ? i + 1 : NONE);
            }
        }

        private int take(AtomicInteger list) {
            for (;;) {
                int old = list.get();
                int node = old & NONE;
                if (node == NONE) {
                    return -1;
                }
                if (list.compareAndSet(old, (old & ~NONE) + tag | next.get(node))) {
                    return node;
                }
            }
        }

        private void put(AtomicInteger list, int node) {
            for (;;) {
                int old = list.get();
                next.set(node, old & NONE);
                if (list.compareAndSet(old, (old & ~NONE) + tag | node)) {
                    return;
                }
            }
        }

        @Operation
        public boolean push(@Range(from = 1, to = 3) int value) {
            int node = take(free);
            if (node < 0) {
                return false;
            }
            values.set(node, value);
            put(top, node);
            return true;
        }

        @Operation
        public int pop() {
            int node = take(top);
            if (node < 0) {
                return -1;
            }
            int value = values.get(node);
            put(free, node);
            return value;
        }

        @State
        List<Integer> elements() {
            List<Integer> all = new ArrayList<>();
            for (int node = top.get() & NONE; node != NONE && all.size() <= NODES; node = next.get(node)) {
                all.add(values.get(node));
            }
            return all;
        }
    }

    /** Without a tag: a node that was taken and put back meanwhile goes unseen. */
    public static final class Aba extends Pooled {
        public Aba() {
            super(0);
        }
    }
}
