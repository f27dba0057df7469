package org.smp4j.structures;

import java.util.ArrayDeque;
import java.util.NoSuchElementException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.smp4j.linear.Operation;
import org.smp4j.linear.Range;

/** Bounded queues, with locks and without. */
public final class Queues {
    static final int CAPACITY = 2;

    private Queues() {
    }

    /** Guarded by its monitor; throws where there is nothing or no room. */
    public static final class Guarded {
        private final ArrayDeque<Integer> elements = new ArrayDeque<>();

        @Operation
        public synchronized void add(@Range(from = 1, to = 3) int value) {
            if (elements.size() == CAPACITY) {
                throw new IllegalStateException("full");
            }
            elements.addLast(value);
        }

        @Operation
        public synchronized int remove() {
            if (elements.isEmpty()) {
                throw new NoSuchElementException("empty");
            }
            return elements.removeFirst();
        }

        @Operation
        public synchronized int size() {
            return elements.size();
        }
    }

    /** Slots with turns, by Vyukov: lock-free, several producers and consumers. */
    public static class Slots {
        private final AtomicReferenceArray<Integer> elements = new AtomicReferenceArray<>(CAPACITY);
        private final AtomicInteger[] turns = {new AtomicInteger(0), new AtomicInteger(1)};
        final AtomicInteger head = new AtomicInteger();
        final AtomicInteger tail = new AtomicInteger();

        /** {@return whether there was room; several threads may see a full queue while one empties a slot} */
        @Operation
        public boolean offer(@Range(from = 1, to = 3) int value) {
            for (;;) {
                int at = tail.get();
                AtomicInteger turn = turns[at % CAPACITY];
                int seen = turn.get();
                if (seen == at && claim(tail, at)) {
                    elements.set(at % CAPACITY, value);
                    turn.set(at + 1);
                    return true;
                }
                if (seen < at && head.get() + CAPACITY <= at && tail.get() == at) {
                    return false;
                }
                Thread.onSpinWait();
            }
        }

        @Operation
        public Integer poll() {
            for (;;) {
                int at = head.get();
                AtomicInteger turn = turns[at % CAPACITY];
                int seen = turn.get();
                if (seen == at + 1 && claim(head, at)) {
                    Integer value = elements.get(at % CAPACITY);
                    turn.set(at + CAPACITY);
                    return value;
                }
                if (seen <= at && tail.get() == at && head.get() == at) {
                    return null;
                }
                Thread.onSpinWait();
            }
        }

        boolean claim(AtomicInteger end, int at) {
            return end.compareAndSet(at, at + 1);
        }
    }

    /** Claims a slot with two steps. */
    public static final class TwoSteps extends Slots {
        @Override
        boolean claim(AtomicInteger end, int at) {
            if (end.get() != at) {
                return false;
            }
            end.set(at + 1);
            return true;
        }
    }

    /** Waits where there is nothing or no room. */
    public static class Waiting {
        private final ArrayDeque<Integer> elements = new ArrayDeque<>();

        @Operation(blocking = true)
        public synchronized void put(@Range(from = 1, to = 2) int value) throws InterruptedException {
            while (elements.size() == 1) {
                wait();
            }
            elements.addLast(value);
            wake();
        }

        @Operation(blocking = true)
        public synchronized int take() throws InterruptedException {
            while (elements.isEmpty()) {
                wait();
            }
            int value = elements.removeFirst();
            wake();
            return value;
        }

        @Operation
        public synchronized int size() {
            return elements.size();
        }

        void wake() {
            notifyAll();
        }
    }

    /** Wakes one waiter, which may be of the wrong kind. */
    public static final class WakesOne extends Waiting {
        @Override
        void wake() {
            notify();
        }
    }
}
